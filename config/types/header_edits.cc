#include "config/types/header_edits.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "config/types/parsed.h"
#include "core/base/quote.h"
#include "core/http/chars.h"
#include "core/http/field_list.h"

namespace weir::config {

namespace {

// The framing of messages and of connections is Weir's own.
constexpr std::array<std::string_view, 7> kOwnFields = {
    "connection", "content-length",    "keep-alive", "proxy-connection",
    "te",         "transfer-encoding", "upgrade"};

Result<HeaderName> parse_name(std::string_view text) {
  if (!http::is_token(text)) {
    return config_error(quote(text) + " cannot be the name of a header field");
  }
  return HeaderName{lower_case(text)};
}

Result<FieldValue> parse_value(std::string_view text) {
  WEIR_TRY_VOID(check_field_value(text));
  return FieldValue{std::string(text)};
}

bool check_changed(const Map<route::Template>& fields, std::string_view key, Reading& reading) {
  const auto step = reading.enter(key);
  std::unordered_map<std::string, Position> known;
  bool ok = true;
  for (const Named<route::Template>& entry : fields) {
    const auto inner = reading.enter(entry.name);
    if (!check_header_name(entry.name, entry.where, reading)) {
      ok = false;
      continue;
    }
    const std::string name = lower_case(entry.name);
    if (std::find(kOwnFields.begin(), kOwnFields.end(), name) != kOwnFields.end()) {
      ok = reading.error(entry.where,
                         quote(name) + " is Weir's own: it says how the message is framed");
    }
    if (!known.emplace(name, entry.where).second) {
      ok = reading.error(entry.where, "the header " + quote(name) + " stands twice here");
    }
    if (name == "host") {
      ok = reading.error(entry.where, "the host is changed by rewrite: { host: … } of a route");
    }
  }
  return ok;
}

std::vector<std::pair<std::string, route::Template>> pairs(const Map<route::Template>& fields) {
  std::vector<std::pair<std::string, route::Template>> result;
  for (const auto& entry : fields) result.emplace_back(lower_case(entry.name), entry.value);
  return result;
}

}  // namespace

bool Custom<HeaderName>::read(const Node& node, HeaderName& value, Reading& reading) {
  return read_parsed(node, value, reading, wanted, &parse_name);
}

void Custom<HeaderName>::shorten(Node& node) {
  if (node.is_scalar()) node = Node::scalar(node.where(), lower_case(node.text()), node.quoted());
}

bool Custom<FieldValue>::read(const Node& node, FieldValue& value, Reading& reading) {
  return read_parsed(node, value, reading, wanted, &parse_value,
                     "the value has a control character, or white space at an end: no header "
                     "field does");
}

Result<void> check_field_value(std::string_view text) {
  if (http::is_field_value(text)) return {};
  const bool control = !http::is_field_value(http::trim_white_space(text));
  return config_error(control ? "has a control character, such as a line end: no header field can"
                              : "begins or ends with white space: no header field does");
}

bool check_header_name(std::string_view name, Position where, Reading& reading) {
  if (http::is_token(name)) return true;
  return reading.error(where, quote(name) + " cannot be the name of a header field");
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  http::lower_case(lower.data(), lower.size());
  return lower;
}

bool HeaderEdits::check_values(Reading& reading) const {
  const bool set_ok = check_changed(set, "set", reading);
  return check_changed(append, "append", reading) && set_ok;
}

bool HeaderEdits::check(const Node& node, Reading& reading) const {
  for (const HeaderName& name : remove) {
    const bool own = std::find(kOwnFields.begin(), kOwnFields.end(), name.text) != kOwnFields.end();
    if (!own && name.text != "host") continue;
    reading.warning_below("remove", node.find("remove")->where(),
                          quote(name.text) + " cannot be removed: Weir writes it itself");
  }
  const auto step = reading.enter("set");
  for (const auto& entry : set) {
    const std::string name = lower_case(entry.name);
    const bool removed = std::any_of(remove.begin(), remove.end(),
                                     [&](const HeaderName& one) { return one.text == name; });
    if (!removed) continue;
    const auto inner = reading.enter(entry.name);
    reading.warning(node.find("remove")->where(),
                    quote(name) + " is removed before it is set: set alone does the same");
  }
  return true;
}

bool HeaderEdits::check_variables(std::span<const std::string_view> unknown,
                                  Reading& reading) const {
  bool ok = true;
  for (const auto& [key, changed] : {std::pair("set", &set), std::pair("append", &append)}) {
    const auto step = reading.enter(key);
    for (const auto& entry : *changed) {
      const auto inner = reading.enter(entry.name);
      ok = config::check_variables(entry.value, entry.where, unknown, reading) && ok;
    }
  }
  return ok;
}

route::HeaderChanges HeaderEdits::compiled() const {
  route::HeaderChanges changes{pairs(set), pairs(append), {}};
  for (const HeaderName& name : remove) changes.remove.push_back(name.text);
  return changes;
}

}  // namespace weir::config
