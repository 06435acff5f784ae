#include "config/diagnostics.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "config/key_path.h"
#include "core/base/escape.h"
#include "core/base/quote.h"

namespace weir::config {

namespace {

// Whether `path` is `above` or leads to what is below it.
bool is_below(std::string_view path, std::string_view above) {
  return path.starts_with(above) &&
         (path.size() == above.size() || path[above.size()] == '.' || path[above.size()] == '[');
}

// A longer line is shown only around the place.
constexpr std::size_t kShownLine = 160;
// Of a message; more than any has that quotes nothing long.
constexpr std::size_t kMostSaid = 1000;
constexpr std::size_t kMostAtEnd = 200;

struct Colours {
  std::string_view severity, strong, off;
};

Colours colours(Severity severity, bool on) {
  if (!on) return {};
  constexpr std::string_view kBold = "\x1b[1m", kOff = "\x1b[0m";
  switch (severity) {
    case Severity::Error:
      return {"\x1b[1;31m", kBold, kOff};
    case Severity::Warning:
      return {"\x1b[1;35m", kBold, kOff};
    case Severity::Note:
      return {"\x1b[1;36m", kBold, kOff};
  }
  return {};
}

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// What to do about it stands at the end of a message.
std::string shortened(std::string message) {
  if (message.size() <= kMostSaid) return message;
  std::size_t end = message.size() - kMostAtEnd;
  while (end < message.size() && continues_character(message[end])) ++end;
  return clipped(message, kMostSaid - kMostAtEnd) + message.substr(end);
}

// The user's text may hold anything; what a terminal would obey is not printed.
void append_printable(std::string& out, std::string_view text) {
  append_escaped(out, text, EscapeStyle::Text, std::string_view::npos);
}

// The same with a blank for each such character, so that what stands below one stays there; tabs
// are kept.
void append_blanked(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const EscapedPiece piece = next_escaped(text, EscapeStyle::Text);
    const bool shown = text.front() == '\t' || piece.view() == text.substr(0, piece.taken);
    out += shown ? text.substr(0, piece.taken) : " ";
    text.remove_prefix(piece.taken);
  }
}

void append_source_line(std::string& out, std::string_view line, std::size_t column,
                        const Colours& colour) {
  const std::size_t at = column - 1;
  if (at > line.size()) return;
  std::size_t from = at > kShownLine / 2 && line.size() > kShownLine ? at - kShownLine / 2 : 0;
  while (from > 0 && continues_character(line[from])) --from;
  std::size_t to = std::min(line.size(), from + kShownLine);
  while (to < line.size() && continues_character(line[to])) ++to;

  out += "  ";
  append_blanked(out, line.substr(from, to - from));
  out += "\n  ";
  for (const char c : line.substr(from, at - from)) {
    if (!continues_character(c)) out += c == '\t' ? '\t' : ' ';
  }
  out += colour.severity;
  out += '^';
  out += colour.off;
  out += '\n';
}

void append_place(std::string& out, Position where, const Sources& sources) {
  append_printable(out, sources.name(where.source));
  // An argument is mostly one value, and its place goes without saying.
  if (!sources.is_file(where.source) && where.line <= 1 && where.column <= 1) return;
  if (where.line > 0) out += ':' + std::to_string(where.line);
  if (where.line > 0 && where.column > 0) out += ':' + std::to_string(where.column);
}

// What another layer has to do with it.
void append_lower(std::string& out, const Diagnostic& diagnostic, const Sources& sources) {
  if (diagnostic.overridden.source < sources.size()) {
    out += " (in place of ";
    append_place(out, diagnostic.overridden, sources);
    out += ')';
  }
  for (const Position& other : diagnostic.together) {
    out += &other == diagnostic.together.data() ? " (together with " : " and ";
    append_place(out, other, sources);
  }
  if (!diagnostic.together.empty()) out += ')';
  if (diagnostic.meant_where.source < sources.size()) {
    out += "; did you mean '";
    append_printable(out, diagnostic.meant);
    out += "' of ";
    append_place(out, diagnostic.meant_where, sources);
    out += '?';
  }
}

}  // namespace

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Note:
      return "note";
  }
  return "";
}

std::string place_text(Position where, const Sources& sources) {
  std::string text;
  if (where.source < sources.size()) append_place(text, where, sources);
  return text;
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::Error) ++errors_;
  if (diagnostic.severity == Severity::Warning) ++warnings_;
  if (kept_.size() == kMaxKept) {
    ++dropped_;
    return;
  }
  diagnostic.path = shortened_path(diagnostic.path);
  diagnostic.message = shortened(std::move(diagnostic.message));
  kept_.push_back(std::move(diagnostic));
}

void Diagnostics::error(Position where, std::string path, std::string message) {
  add({Severity::Error, where, std::move(path), std::move(message)});
}

void Diagnostics::warning(Position where, std::string path, std::string message) {
  add({Severity::Warning, where, std::move(path), std::move(message)});
}

void Diagnostics::note(Position where, std::string path, std::string message) {
  add({Severity::Note, where, std::move(path), std::move(message)});
}

void Diagnostics::finish() {
  for (Diagnostic& diagnostic : std::exchange(if_sound_, {})) {
    if (!has_below(Severity::Error, diagnostic.path)) add(std::move(diagnostic));
  }
}

bool Diagnostics::has_at(Severity severity, Position where) const {
  return std::any_of(kept_.begin(), kept_.end(), [&](const Diagnostic& diagnostic) {
    return diagnostic.severity == severity && diagnostic.where == where;
  });
}

bool Diagnostics::has_below(Severity severity, std::string_view below) const {
  const std::string path = shortened_path(below);
  return std::any_of(kept_.begin(), kept_.end(), [&](const Diagnostic& diagnostic) {
    return diagnostic.severity == severity && is_below(diagnostic.path, path);
  });
}

bool Diagnostics::is_meant_otherwise(std::string_view below) const {
  const std::string path = shortened_path(below);
  return std::any_of(kept_.begin(), kept_.end(), [&](const Diagnostic& diagnostic) {
    return !diagnostic.meant.empty() && is_below(diagnostic.path, path);
  });
}

bool Diagnostics::ok_outside(std::string_view path) const {
  const auto below = std::count_if(kept_.begin(), kept_.end(), [&](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::Error && is_below(diagnostic.path, path);
  });
  return static_cast<std::size_t>(below) == errors_;
}

void Diagnostics::set_changed(const std::string& path, Position where, Position by) {
  std::vector<Position>& places = changed_[path];
  if (places.empty()) places.push_back(where);
  if (places.back().source != by.source) places.push_back(by);
}

void Diagnostics::involve(std::size_t from, const std::string& path) {
  if (from == kept_.size()) return;
  const auto changed = changed_.find(path);
  if (changed == changed_.end()) return;
  for (auto one = kept_.begin() + static_cast<std::ptrdiff_t>(from); one != kept_.end(); ++one) {
    for (const Position place : changed->second) {
      const auto named = [place](Position other) { return other.source == place.source; };
      if (named(one->where) || std::any_of(one->together.begin(), one->together.end(), named)) {
        continue;
      }
      one->together.push_back(place);
    }
  }
}

void Diagnostics::suggest(std::size_t from) {
  for (std::size_t i = from; i < kept_.size(); ++i) {
    Diagnostic& one = kept_[i];
    if (nameless_.contains(one.where)) {
      one.message += "; to change one of a lower layer, name it there and here";
      unplaced_.insert(one.where);
    }
    if (const auto meant = meant_.find(one.where); meant != meant_.end()) {
      std::tie(one.meant, one.meant_where) = meant->second;
    }
  }
}

bool Diagnostics::is_unread(const std::string& path) const {
  const std::string shown = shortened_path(path);
  return misspelt_.contains(path) ||
         std::any_of(kept_.begin(), kept_.end(), [&](const Diagnostic& diagnostic) {
           return diagnostic.severity == Severity::Error && diagnostic.path == shown;
         });
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> all = kept_;
  for (Diagnostic& diagnostic : all) {
    if (const auto lower = overridden_.find(diagnostic.where); lower != overridden_.end()) {
      diagnostic.overridden = lower->second;
      std::erase_if(diagnostic.together,
                    [&](Position other) { return other.source == lower->second.source; });
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.where < b.where; });
  std::vector<Diagnostic> once;
  for (Diagnostic& diagnostic : all) {
    const auto same_place = std::find_if(once.rbegin(), once.rend(), [&](const Diagnostic& other) {
      return other.where != diagnostic.where || other == diagnostic;
    });
    if (same_place == once.rend() || *same_place != diagnostic) {
      once.push_back(std::move(diagnostic));
    }
  }
  return once;
}

std::string to_text(const Diagnostics& diagnostics, const Sources& sources, TextStyle style) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    const Colours colour = colours(diagnostic.severity, style.colour);
    const Position where = diagnostic.where;
    out += colour.strong;
    if (where.source < sources.size()) {
      append_place(out, where, sources);
      out += ": ";
    }
    out += colour.off;
    out += colour.severity;
    out += name_of(diagnostic.severity);
    out += ": ";
    out += colour.off;
    if (!diagnostic.path.empty()) {
      append_printable(out, diagnostic.path);
      out += ": ";
    }
    append_printable(out, diagnostic.message);
    append_lower(out, diagnostic, sources);
    out += '\n';
    const bool shown =
        style.source_lines && where.source < sources.size() && !sources.text(where.source).empty();
    if (shown && where.line > 0 && where.column > 0) {
      append_source_line(out, sources.line(where.source, where.line), where.column, colour);
    }
  }
  if (diagnostics.dropped() > 0) {
    out += "and " + std::to_string(diagnostics.dropped()) + " more\n";
  }
  return out;
}

}  // namespace weir::config
