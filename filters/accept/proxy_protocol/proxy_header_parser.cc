#include "filters/accept/proxy_protocol/proxy_header_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace weir::filters {
namespace {

using net::Address;

constexpr std::string_view kText = "PROXY ";
constexpr std::size_t kMaxText = 107;
constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixed = 16;  // signature, version and command, family, length

unsigned byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

std::uint16_t word_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint16_t>(byte_at(bytes, index) << 8 | byte_at(bytes, index + 1));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return port;
}

std::optional<Address> parse_end(std::string_view ip, std::string_view port, bool v4) {
  const auto number = parse_port(port);
  if (!number || (ip.find(':') == std::string_view::npos) != v4) return std::nullopt;
  auto address = Address::parse_ip(ip, *number);
  if (!address) return std::nullopt;
  return std::move(*address);
}

ProxyParse parse_text(std::string_view bytes, ProxiedConnection& result) {
  std::size_t end = 0;
  for (;; ++end) {
    if (end + 2 > kMaxText) return ProxyParse::Failed;
    if (end == bytes.size()) return ProxyParse::Incomplete;
    const unsigned byte = byte_at(bytes, end);
    if (byte == '\r') break;
    if (byte < ' ' || byte > '~') return ProxyParse::Failed;
  }
  if (end + 1 == bytes.size()) return ProxyParse::Incomplete;
  if (bytes[end + 1] != '\n') return ProxyParse::Failed;
  result.header_size = end + 2;
  std::string_view line = bytes.substr(kText.size(), end - kText.size());
  if (line.substr(0, 7) == "UNKNOWN" && (line.size() == 7 || line[7] == ' ')) {
    return ProxyParse::Complete;
  }
  std::array<std::string_view, 5> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t space = line.find(' ');
    if ((space == std::string_view::npos) != (i + 1 == words.size())) return ProxyParse::Failed;
    words[i] = line.substr(0, space);
    if (space != std::string_view::npos) line.remove_prefix(space + 1);
  }
  const bool v4 = words[0] == "TCP4";
  if (!v4 && words[0] != "TCP6") return ProxyParse::Failed;
  result.source = parse_end(words[1], words[3], v4);
  result.destination = parse_end(words[2], words[4], v4);
  return result.source && result.destination ? ProxyParse::Complete : ProxyParse::Failed;
}

Address binary_address(std::string_view bytes, std::uint16_t port) {
  sockaddr_storage storage{};
  if (bytes.size() == 4) {
    auto& in = reinterpret_cast<sockaddr_in&>(storage);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::memcpy(&in.sin_addr, bytes.data(), 4);
    return Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), sizeof in);
  }
  auto& in = reinterpret_cast<sockaddr_in6&>(storage);
  in.sin6_family = AF_INET6;
  in.sin6_port = htons(port);
  std::memcpy(&in.sin6_addr, bytes.data(), 16);
  return Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), sizeof in);
}

// Type, length and value, one behind the other, to the last byte.
bool tlvs_fit(std::string_view bytes) {
  while (!bytes.empty()) {
    if (bytes.size() < 3) return false;
    const std::size_t size = 3u + word_at(bytes, 1);
    if (size > bytes.size()) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

ProxyParse parse_binary(std::string_view bytes, ProxiedConnection& result) {
  if (bytes.size() < kFixed) return ProxyParse::Incomplete;
  const unsigned version = byte_at(bytes, 12) >> 4;
  const unsigned command = byte_at(bytes, 12) & 15;
  const unsigned family = byte_at(bytes, 13) >> 4;
  const unsigned protocol = byte_at(bytes, 13) & 15;
  const std::size_t size = kFixed + word_at(bytes, 14);
  // Of a connection of the proxy's own (LOCAL) the rest means nothing.
  const bool own = command == 0;
  if (version != 2 || command > 1 || size > kMaxProxyHeader) return ProxyParse::Failed;
  if (!own && (family > 3 || protocol > 2)) return ProxyParse::Failed;
  if (bytes.size() < size) return ProxyParse::Incomplete;
  result.header_size = size;
  if (own) return ProxyParse::Complete;
  const std::string_view rest = bytes.substr(kFixed, size - kFixed);
  if (family == 0 || protocol == 0) return ProxyParse::Complete;
  if (protocol != 1) return ProxyParse::Failed;
  constexpr std::array<std::size_t, 4> kAddressBytes{0, 4, 16, 108};
  const std::size_t one = kAddressBytes[family];
  const std::size_t both = family == 3 ? 2 * one : 2 * one + 4;
  if (rest.size() < both || !tlvs_fit(rest.substr(both))) return ProxyParse::Failed;
  // Unix paths say nothing that an address could be matched with.
  if (family == 3) return ProxyParse::Complete;
  result.source = binary_address(rest.substr(0, one), word_at(rest, 2 * one));
  result.destination = binary_address(rest.substr(one, one), word_at(rest, 2 * one + 2));
  return ProxyParse::Complete;
}

bool begins_like(std::string_view bytes, std::string_view start) {
  const std::size_t size = std::min(bytes.size(), start.size());
  return bytes.substr(0, size) == start.substr(0, size);
}

}  // namespace

ProxyParse parse_proxy_header(std::string_view bytes, ProxiedConnection& result) {
  result = {};
  if (begins_like(bytes, kSignature)) {
    return bytes.size() < kSignature.size() ? ProxyParse::Incomplete : parse_binary(bytes, result);
  }
  if (begins_like(bytes, kText)) {
    return bytes.size() < kText.size() ? ProxyParse::Incomplete : parse_text(bytes, result);
  }
  return ProxyParse::Absent;
}

}  // namespace weir::filters
