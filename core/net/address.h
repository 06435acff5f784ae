#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/base/result.h"

namespace weir::net {

// An IPv4, IPv6 or unix-socket address, with port where there is one. A small value: unix paths
// live in it too.
class Address {
 public:
  enum class Family : std::uint8_t { None, V4, V6, Unix };

  Address() = default;
  // "127.0.0.1:80", "[::1]:80", "unix:/run/x.sock" or "/run/x.sock" (at most 107 bytes). Names are
  // not looked up. Refused: no port, leading zeros, zone ids, IPv6 without brackets.
  static Result<Address> parse(std::string_view text);
  // An IP address without a port; the port is `port`.
  static Result<Address> parse_ip(std::string_view text, std::uint16_t port = 0);
  // Family None for what is none of these. A unix socket without a name has an empty path.
  static Address from_sockaddr(const sockaddr* address, socklen_t size);

  Family family() const { return family_; }
  bool is_ip() const { return family_ == Family::V4 || family_ == Family::V6; }
  std::uint16_t port() const { return port_; }
  // The same for a unix path, which has no port.
  Address with_port(std::uint16_t port) const;
  // IPv4 as its 4, IPv6 as its 16 bytes, in network order; an IPv4-mapped IPv6 address is IPv4.
  std::string_view ip_bytes() const {
    return {reinterpret_cast<const char*>(bytes_), family_ == Family::V4 ? 4u : is_ip() ? 16u : 0u};
  }
  std::string_view unix_path() const { return path_.view(); }

  // For connect() and bind(); returns the size that was used, 0 for Family::None.
  socklen_t to_sockaddr(sockaddr_storage& storage) const;

  // As parse() takes it; ip() without the port and without brackets ("" for unix).
  std::string to_string() const;
  std::string ip() const;
  // ip() without allocation: writes to `out` (at least kMaxText bytes) and returns the length.
  static constexpr std::size_t kMaxText = 48;
  std::size_t format_ip(char* out) const;

  friend bool operator==(const Address&, const Address&) = default;

 private:
  // On the heap, since few addresses have one and every connection has three addresses.
  class Path {
   public:
    Path() = default;
    explicit Path(std::string_view text)
        : text_(text.empty() ? nullptr : std::make_unique<std::string>(text)) {}
    Path(const Path& other) : Path(other.view()) {}
    Path(Path&&) noexcept = default;
    Path& operator=(Path other) noexcept {
      text_.swap(other.text_);
      return *this;
    }

    std::string_view view() const { return text_ == nullptr ? std::string_view() : *text_; }
    friend bool operator==(const Path& a, const Path& b) { return a.view() == b.view(); }

   private:
    std::unique_ptr<std::string> text_;
  };

  void set_v6(const unsigned char* bytes);

  Path path_;
  Family family_ = Family::None;
  std::uint16_t port_ = 0;
  unsigned char bytes_[16] = {};
};

}  // namespace weir::net
