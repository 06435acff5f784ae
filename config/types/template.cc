#include "config/types/template.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "config/types/header_edits.h"
#include "config/types/parsed.h"
#include "core/base/quote.h"
#include "core/http/authority.h"
#include "core/http/chars.h"

namespace weir::config {

namespace {

Result<route::Template> parse_field(std::string_view text) {
  WEIR_TRY_VOID(check_field_value(text));
  return route::Template::parse(text);
}

Result<UrlTemplate> parse_url(std::string_view text) {
  WEIR_TRY(parsed, route::Template::parse(text));
  const std::string literals = parsed.literals();
  const auto bad = std::find_if(literals.begin(), literals.end(),
                                [](char c) { return !http::is_query_char(c) && c != '#'; });
  if (bad == literals.end()) return UrlTemplate{std::move(parsed), std::string(text)};
  std::array<char, 3> hex;
  snprintf(hex.data(), hex.size(), "%02X", static_cast<unsigned>(static_cast<unsigned char>(*bad)));
  return config_error("has a character that no URL has: write %%" + std::string(hex.data()) +
                      " for it");
}

constexpr std::string_view kNoText =
    "the value cannot be used: it has a control character, white space at an end, or a % that "
    "begins no variable";
constexpr std::string_view kNoUrl =
    "the value cannot be used: it has a character that no URL has, or a % that begins no variable";
constexpr std::string_view kNoHost =
    "the value is no host: a host is a name or an address, perhaps with a port";

// Keeps what may be shown of `value`, which was read from `node`.
void set_shown(const Node& node, const Reading& reading, route::Template& value) {
  if (const std::string* text = reading.written().at(node.where())) value.show_as(*text);
}

bool may_stand_in_host(char c) {
  return http::is_name_char(c) || c == ':' || c == '[' || c == ']';
}

Result<HostTemplate> parse_host(std::string_view text) {
  WEIR_TRY(parsed, route::Template::parse(text));
  const std::string literals = parsed.literals();
  if (parsed.is_constant() ? !http::parse_authority(literals).has_value()
                           : !std::all_of(literals.begin(), literals.end(), may_stand_in_host)) {
    return config_error("is no host: a host is a name or an address, perhaps with a port");
  }
  return HostTemplate{std::move(parsed), std::string(text)};
}

}  // namespace

bool Custom<route::Template>::read(const Node& node, route::Template& value, Reading& reading) {
  if (!read_parsed(node, value, reading, wanted, &parse_field, kNoText, Percents::Doubled))
    return false;
  set_shown(node, reading, value);
  return true;
}

bool Custom<UrlTemplate>::read(const Node& node, UrlTemplate& value, Reading& reading) {
  if (!read_parsed(node, value, reading, wanted, &parse_url, kNoUrl, Percents::Doubled))
    return false;
  set_shown(node, reading, value.text);
  return true;
}

bool Custom<HostTemplate>::read(const Node& node, HostTemplate& value, Reading& reading) {
  if (!read_parsed(node, value, reading, wanted, &parse_host, kNoHost, Percents::Doubled))
    return false;
  set_shown(node, reading, value.text);
  return true;
}

bool check_variables(const route::Template& text, Position where,
                     std::span<const std::string_view> unknown, Reading& reading) {
  const std::string_view name = text.first_of(unknown);
  if (name.empty()) return true;
  return reading.error(
      where, "%" + clipped(name) + "% has no value here: it is known only later in an exchange");
}

}  // namespace weir::config
