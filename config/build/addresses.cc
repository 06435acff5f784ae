#include "config/build/addresses.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace weir::config {

namespace {

using Family = net::Address::Family;

// Unix sockets are one when their paths lead to one place, however they are written.
bool same_address(const net::Address& a, const net::Address& b) {
  if (a == b) return true;
  if (a.family() != Family::Unix || b.family() != Family::Unix) return false;
  const auto path = [](const net::Address& address) {
    return std::filesystem::path(address.unix_path()).lexically_normal();
  };
  return path(a) == path(b);
}

bool is_any(const net::Address& address) {
  const std::string_view bytes = address.ip_bytes();
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
}

}  // namespace

// Port 0 is a new one each time.
bool Addresses::overlap(const Taken& a, const Taken& b) {
  if (!a.address.is_ip() || !b.address.is_ip()) return same_address(a.address, b.address);
  if (a.address.port() == 0 || a.address.port() != b.address.port()) return false;
  if (a.address.family() == b.address.family()) {
    return a.address == b.address || is_any(a.address) || is_any(b.address);
  }
  const Taken& v6 = a.address.family() == Family::V6 ? a : b;
  return is_any(v6.address) && !v6.ipv6_only;
}

void Addresses::add(const net::Address& address, bool ipv6_only, Position where, std::string user,
                    Reading& reading) {
  if (address.family() == Family::None) return;
  Taken taken{address, ipv6_only, where, std::move(user)};
  const auto other = std::find_if(taken_.begin(), taken_.end(),
                                  [&](const Taken& one) { return overlap(one, taken); });
  if (other != taken_.end()) {
    const std::string what =
        other->address == address ? "" : " (" + other->address.to_string() + ")";
    reading.error(where, address.to_string() + " is taken by " + other->user + what + " " +
                             reading.named_place(other->where, where));
  }
  taken_.push_back(std::move(taken));
}

}  // namespace weir::config
