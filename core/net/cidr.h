#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/address.h"

namespace weir::net {

// A block of IP addresses: "10.0.0.0/8", "fd00::/8", or one address without a prefix length. Bits
// behind the prefix must be zero, so that a slip is an error and not another block. IPv4-mapped
// IPv6 is IPv4: "::ffff:10.0.0.0/104" is 10.0.0.0/8.
class Cidr {
 public:
  static Result<Cidr> parse(std::string_view text);

  bool contains(const Address& address) const;
  bool contains(const Cidr& block) const;
  // Whether it is all addresses of its family.
  bool is_everything() const { return prefix_ == 0; }
  std::string to_string() const;

  friend bool operator==(const Cidr&, const Cidr&) = default;

 private:
  friend class CidrSet;

  Address base_;
  std::uint8_t prefix_ = 0;
};

// Many blocks; a question costs the logarithm of their number. Immutable once built.
class CidrSet {
 public:
  CidrSet() = default;
  explicit CidrSet(const std::vector<Cidr>& blocks);

  bool empty() const { return v4_.empty() && v6_.empty(); }
  bool contains(const Address& address) const;

 private:
  // The first and the last address of a block, IPv4 in the first 4 bytes. Sorted, none overlap.
  struct Range {
    unsigned char first[16];
    unsigned char last[16];
  };
  static void merge(std::vector<Range>& ranges);
  static bool contains(const std::vector<Range>& ranges, const unsigned char* bytes);

  std::vector<Range> v4_;
  std::vector<Range> v6_;
};

}  // namespace weir::net
