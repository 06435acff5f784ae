#include "core/http/authority.h"

#include <array>

#include <arpa/inet.h>

#include "core/http/chars.h"

namespace weir::http {
namespace {

// The decimal number in `text`, of at most `max`, without leading zeros.
std::optional<unsigned> parse_number(std::string_view text, unsigned max) {
  if (text.empty() || text.size() > 5 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  unsigned number = 0;
  for (char c : text) {
    if (!is_digit(c)) return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  if (number > max) return std::nullopt;
  return number;
}

bool is_ipv4(std::string_view text) {
  for (int dots = 0; dots < 3; ++dots) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || !parse_number(text.substr(0, dot), 255)) return false;
    text.remove_prefix(dot + 1);
  }
  return parse_number(text, 255).has_value();
}

bool is_hextet(std::string_view text) {
  if (text.empty() || text.size() > 4) return false;
  for (char c : text) {
    if (hex_value(c) > 15) return false;
  }
  return true;
}

// How many 16-bit groups `text` has, -1 when it is no list of them. Only the last may be IPv4.
int count_groups(std::string_view text, bool ipv4_allowed) {
  if (text.empty()) return 0;
  int groups = 0;
  for (;;) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    const bool last = colon == std::string_view::npos;
    if (is_hextet(group)) {
      ++groups;
    } else if (last && ipv4_allowed && is_ipv4(group)) {
      groups += 2;
    } else {
      return -1;
    }
    if (last) return groups;
    text.remove_prefix(colon + 1);
  }
}

bool is_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text, true) == 8;
  const int before = count_groups(text.substr(0, gap), false);
  const int after = count_groups(text.substr(gap + 2), true);
  return before >= 0 && after >= 0 && before + after <= 7;
}

// Where the name at the start of `text` ends; 0 when it has an empty label before the end.
std::size_t name_size(std::string_view text) {
  std::size_t i = 0;
  for (char before = '.'; i < text.size() && is_name_char(text[i]); before = text[i++]) {
    if (text[i] == '.' && before == '.') return 0;
  }
  return i;
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  Authority authority;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !is_ipv6(text.substr(1, close - 1))) return std::nullopt;
    authority.host = text.substr(0, close + 1);
  } else {
    authority.host = text.substr(0, name_size(text));
    if (authority.host.empty()) return std::nullopt;
  }
  text.remove_prefix(authority.host.size());
  if (text.empty()) return authority;
  if (text[0] != ':') return std::nullopt;
  const std::optional<unsigned> port = parse_number(text.substr(1), 65535);
  if (!port || *port == 0) return std::nullopt;
  authority.port = static_cast<std::uint16_t>(*port);
  return authority;
}

std::string_view normal_host(std::string_view host, Arena& arena) {
  if (!host.starts_with('[')) return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
  std::array<char, INET6_ADDRSTRLEN> text{};
  const std::string_view inside = host.substr(1, host.size() - 2);
  if (inside.size() >= text.size()) return host;
  inside.copy(text.data(), inside.size());
  in6_addr address;
  if (inet_pton(AF_INET6, text.data(), &address) != 1) return host;
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  const std::string_view normal(text.data());
  char* const to = arena.allocate_text(normal.size() + 2);
  to[0] = '[';
  normal.copy(to + 1, normal.size());
  to[normal.size() + 1] = ']';
  return {to, normal.size() + 2};
}

}  // namespace weir::http
