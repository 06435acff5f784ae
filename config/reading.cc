#include "config/reading.h"

#include <algorithm>
#include <utility>

#include "core/base/quote.h"

namespace weir::config {

Reading Reading::at(std::string path) const {
  Reading other(diagnostics_, interpolator_);
  other.path_ = KeyPath(std::move(path));
  other.offline_ = offline_;
  return other;
}

bool Reading::sound(std::initializer_list<std::string_view> fields) const {
  return std::all_of(fields.begin(), fields.end(), [&](std::string_view field) {
    const std::size_t dot = field.find('.');
    std::string path = path_.below(field.substr(0, dot));
    if (diagnostics_.is_unread(path)) return false;
    if (dot != field.npos) path = KeyPath(std::move(path)).below(field.substr(dot + 1));
    return !diagnostics_.is_unread(path) && !diagnostics_.has_below(Severity::Error, path);
  });
}

bool Reading::lacks_match(Position item, Position match) const {
  const std::string path = path_.below("match");
  if (offline_ && diagnostics_.has_below(Severity::Note, path)) return true;
  if (match.known()) return diagnostics_.has_below(Severity::Error, path);
  return unread(item) || diagnostics_.is_unread(path) || diagnostics_.has_unknown(path_.text());
}

std::string Reading::place(Position where) const {
  return place_text(where, interpolator_.sources());
}

std::string Reading::named_place(Position there, Position here) const {
  if (there.source == here.source) {
    const bool one_line = there.line == here.line && there.column != 0;
    return "on line " + std::to_string(there.line) +
           (one_line ? ", column " + std::to_string(there.column) : "");
  }
  const Sources& sources = interpolator_.sources();
  if (there.source >= sources.size()) return "elsewhere";
  return "at " + place_text(there, sources);
}

void Reading::warn_if_kept_off(const Node& off) {
  const Position by = diagnostics_.kept_off_by(off.where());
  if (!by.known()) return;
  warning(by, "stays off, since it is switched off " + named_place(off.where(), by) +
                  ": write enabled: true to switch it on");
}

bool Reading::error(Position where, std::string message) {
  if (offline_ && diagnostics_.has_at(Severity::Note, where)) return false;
  diagnostics_.error(where, path_.text(), std::move(message));
  return false;
}

bool Reading::error_below(std::string_view key, Position where, std::string message) {
  if (offline_ && diagnostics_.has_at(Severity::Note, where)) return false;
  diagnostics_.error(where, path_.below(key), std::move(message));
  return false;
}

void Reading::absent(Position where, std::string message) {
  if (offline_ && diagnostics_.has_at(Severity::Note, where)) return;
  diagnostics_.add(
      {offline_ ? Severity::Note : Severity::Error, where, path_.text(), std::move(message)});
}

void Reading::warning(Position where, std::string message) {
  if (offline_ && diagnostics_.has_at(Severity::Note, where)) return;
  diagnostics_.warning(where, path_.text(), std::move(message));
}

void Reading::warning_below(std::string_view key, Position where, std::string message) {
  if (offline_ && diagnostics_.has_at(Severity::Note, where)) return;
  diagnostics_.warning(where, path_.below(key), std::move(message));
}

std::string Reading::in_place_of_off(Position where) const {
  return diagnostics_.is_over_lower(where) ? "; { $patch: delete } takes away what is below"
                                           : "; leave it out to have none";
}

bool Reading::is_from_file(Position where) const {
  const std::string* text = written().at(where);
  return text != nullptr && text->find("${file:") != std::string::npos;
}

std::string Reading::quoted(Position where, std::string_view text, std::string_view instead) const {
  return is_from_file(where) ? std::string(instead) : quote(text);
}

std::string Reading::told(Position where, const Error& error, std::string_view instead) const {
  return is_from_file(where) ? std::string(instead) : error.message;
}

std::optional<std::string> Reading::text(const Node& scalar, Percents percents) {
  if (scalar.text().find("${") == std::string::npos) return scalar.text();
  auto expanded = interpolator_.expand(scalar.text(), scalar.where().source, percents);
  interpolator_.written().add(path_.text(), scalar.where(), scalar.text());
  if (expanded) return *std::move(expanded);
  Error problem = std::move(expanded).error();
  if (problem.origin == ErrorOrigin::System) {
    absent(scalar.where(), std::move(problem.message));
  } else {
    error(scalar, std::move(problem.message));
  }
  return std::nullopt;
}

std::optional<std::string> Reading::file(std::string_view path, Position where) {
  auto content = interpolator_.file(path, where.source);
  if (content) return *std::move(content);
  absent(where, std::move(content).error().message);
  return std::nullopt;
}

bool Reading::replace_all(Node& tree) {
  bool ok = true;
  if (tree.is_scalar() && tree.text().find("${") != std::string::npos) {
    std::optional<std::string> replaced = text(tree);
    if (!replaced) return excused(tree.where());
    tree = Node::scalar(tree.where(), *std::move(replaced), true);
  }
  for (std::size_t i = 0; i < tree.items().size(); ++i) {
    const auto step = enter(i);
    if (!replace_all(tree.items()[i])) ok = false;
  }
  for (NodeEntry& entry : tree.entries()) {
    const auto step = enter(entry.key);
    if (!replace_all(entry.value)) ok = false;
  }
  return ok;
}

}  // namespace weir::config
