#include "core/net/address.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <sys/un.h>

#include "core/base/quote.h"

namespace weir::net {
namespace {

constexpr std::size_t kMaxUnixPath = sizeof(sockaddr_un::sun_path) - 1;
constexpr unsigned char kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

Error not_an_address(std::string_view text, std::string_view why) {
  return config_error("\"" + clipped(text) + "\" is not an address: " + std::string(why));
}

// `./x.sock`, `run/x.sock`, `x.sock`; neither a URL nor a block of addresses.
bool looks_like_a_path(std::string_view text) {
  if (text.starts_with("./") || text.starts_with("../") || text.starts_with("~/")) return true;
  if (text.ends_with(".sock") || text.ends_with(".socket")) return true;
  const std::size_t slash = text.find('/');
  return slash != text.npos && text.find_first_of(".:") > slash;
}

// What is wrong with a text that means a unix socket and cannot be one; null when it may.
const char* against_unix(std::string_view text) {
  constexpr std::string_view kUnix = "unix:";
  const bool named = text.size() >= kUnix.size() &&
                     std::equal(kUnix.begin(), kUnix.end(), text.begin(),
                                [](char small, char c) { return c == small || c == small - 32; });
  if (named && !text.starts_with(kUnix)) return "unix: is written in small letters";
  if (!text.starts_with('@') && !text.starts_with("unix:@")) return nullptr;
  return "abstract sockets are not supported; a file is written as in unix:./@name";
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

// inet_pton refuses leading zeros in IPv4 and zone ids in IPv6, but reads only up to a zero byte.
bool parse_bytes(int family, std::string_view text, unsigned char* bytes) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof(buffer) || text.find('\0') != text.npos) return false;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  return inet_pton(family, buffer, bytes) == 1;
}

}  // namespace

Result<Address> Address::parse(std::string_view text) {
  constexpr std::string_view kUnix = "unix:";
  if (const char* const why = against_unix(text)) return not_an_address(text, why);
  if (text.starts_with(kUnix) || text.starts_with('/')) {
    const std::string_view path = text.starts_with('/') ? text : text.substr(kUnix.size());
    if (path.empty()) return not_an_address(text, "the path of the socket is empty");
    if (path.find('\0') != path.npos) return not_an_address(text, "a path has no zero bytes");
    if (path.size() > kMaxUnixPath) {
      return not_an_address(
          text, "the path of a unix socket has at most " + std::to_string(kMaxUnixPath) + " bytes");
    }
    Address address;
    address.family_ = Family::Unix;
    address.path_ = Path(path);
    return address;
  }
  if (looks_like_a_path(text)) {
    return not_an_address(
        text,
        "the path of a unix socket begins with '/', as in /run/weir.sock, or with "
        "unix: where it is relative");
  }
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || text.ends_with(']')) {
    return not_an_address(text, "the port is missing, as in 127.0.0.1:80, [::1]:80");
  }
  std::string_view ip = text.substr(0, colon);
  const bool in_brackets = ip.size() >= 2 && ip.front() == '[' && ip.back() == ']';
  if (in_brackets) {
    ip = ip.substr(1, ip.size() - 2);
    if (ip.find(':') == ip.npos) return not_an_address(text, "brackets are for IPv6");
  } else if (ip.find(':') != ip.npos) {
    return not_an_address(text, "IPv6 stands in brackets before the port, as in [::1]:80");
  }
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return not_an_address(text, "the port is a number of 0 to 65535");
  auto address = parse_ip(ip, *port);
  if (!address) {
    return not_an_address(text, ip.find('%') != ip.npos
                                    ? "zone ids are not supported"
                                    : "an IP address and a port are asked for, not a name");
  }
  return address;
}

Result<Address> Address::parse_ip(std::string_view text, std::uint16_t port) {
  Address address;
  address.port_ = port;
  if (parse_bytes(AF_INET, text, address.bytes_)) {
    address.family_ = Family::V4;
    return address;
  }
  in6_addr v6;
  if (!parse_bytes(AF_INET6, text, v6.s6_addr)) {
    return not_an_address(text, text.find('%') != text.npos
                                    ? "zone ids are not supported"
                                    : "write it as in 127.0.0.1 or 2001:db8::1");
  }
  address.set_v6(v6.s6_addr);
  return address;
}

void Address::set_v6(const unsigned char* bytes) {
  if (std::memcmp(bytes, kMappedPrefix, sizeof(kMappedPrefix)) == 0) {
    family_ = Family::V4;
    std::memcpy(bytes_, bytes + sizeof(kMappedPrefix), 4);
  } else {
    family_ = Family::V6;
    std::memcpy(bytes_, bytes, 16);
  }
}

Address Address::from_sockaddr(const sockaddr* address, socklen_t size) {
  Address result;
  if (address == nullptr || size < sizeof(sa_family_t)) return result;
  if (address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in in;
    std::memcpy(&in, address, sizeof(in));
    result.family_ = Family::V4;
    result.port_ = ntohs(in.sin_port);
    std::memcpy(result.bytes_, &in.sin_addr, 4);
  } else if (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 in;
    std::memcpy(&in, address, sizeof(in));
    result.port_ = ntohs(in.sin6_port);
    result.set_v6(in.sin6_addr.s6_addr);
  } else if (address->sa_family == AF_UNIX) {
    constexpr std::size_t kHead = offsetof(sockaddr_un, sun_path);
    const char* path = reinterpret_cast<const char*>(address) + kHead;
    const std::size_t room = size > kHead ? std::min(size - kHead, kMaxUnixPath) : 0;
    result.family_ = Family::Unix;
    result.path_ = Path({path, std::find(path, path + room, '\0')});
  }
  return result;
}

Address Address::with_port(std::uint16_t port) const {
  Address result = *this;
  if (is_ip()) result.port_ = port;
  return result;
}

socklen_t Address::to_sockaddr(sockaddr_storage& storage) const {
  std::memset(&storage, 0, sizeof(storage));
  switch (family_) {
    case Family::V4: {
      auto& in = reinterpret_cast<sockaddr_in&>(storage);
      in.sin_family = AF_INET;
      in.sin_port = htons(port_);
      std::memcpy(&in.sin_addr, bytes_, 4);
      return sizeof(in);
    }
    case Family::V6: {
      auto& in = reinterpret_cast<sockaddr_in6&>(storage);
      in.sin6_family = AF_INET6;
      in.sin6_port = htons(port_);
      std::memcpy(&in.sin6_addr, bytes_, 16);
      return sizeof(in);
    }
    case Family::Unix: {
      auto& un = reinterpret_cast<sockaddr_un&>(storage);
      un.sun_family = AF_UNIX;
      const std::string_view path = unix_path();
      if (path.empty()) return offsetof(sockaddr_un, sun_path);
      std::memcpy(un.sun_path, path.data(), path.size());
      return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    }
    case Family::None:
      break;
  }
  return 0;
}

std::string Address::to_string() const {
  switch (family_) {
    case Family::V4:
      return ip() + ":" + std::to_string(port_);
    case Family::V6:
      return "[" + ip() + "]:" + std::to_string(port_);
    case Family::Unix:
      return "unix:" + std::string(unix_path());
    case Family::None:
      break;
  }
  return {};
}

std::string Address::ip() const {
  char text[kMaxText];
  return {text, format_ip(text)};
}

std::size_t Address::format_ip(char* out) const {
  if (!is_ip()) return 0;
  if (family_ == Family::V6) {
    inet_ntop(AF_INET6, bytes_, out, kMaxText);
    return std::strlen(out);
  }
  // Once for every connection: inet_ntop() would go through printf.
  char* at = out;
  for (int i = 0; i < 4; ++i) {
    const unsigned byte = bytes_[i];
    if (byte >= 100) *at++ = static_cast<char>('0' + byte / 100);
    if (byte >= 10) *at++ = static_cast<char>('0' + byte / 10 % 10);
    *at++ = static_cast<char>('0' + byte % 10);
    *at++ = '.';
  }
  return static_cast<std::size_t>(at - out) - 1;
}

}  // namespace weir::net
