#include "core/net/cidr.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "core/base/quote.h"

namespace weir::net {
namespace {

// How many bits of byte `index` belong to a prefix, as a mask.
unsigned char prefix_mask(unsigned prefix, std::size_t index) {
  const std::size_t bits = std::clamp<std::size_t>(prefix, index * 8, index * 8 + 8) - index * 8;
  return static_cast<unsigned char>(0xff00u >> bits);
}

std::optional<unsigned> parse_prefix(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  unsigned prefix = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return prefix;
}

// The text of an address block, with the bits behind the prefix as zeros.
std::string block_text(std::string_view bytes, unsigned prefix) {
  unsigned char base[16] = {};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    base[i] = static_cast<unsigned char>(bytes[i]) & prefix_mask(prefix, i);
  }
  sockaddr_storage storage = {};
  if (bytes.size() == 4) {
    auto& in = reinterpret_cast<sockaddr_in&>(storage);
    in.sin_family = AF_INET;
    std::memcpy(&in.sin_addr, base, 4);
  } else {
    auto& in = reinterpret_cast<sockaddr_in6&>(storage);
    in.sin6_family = AF_INET6;
    std::memcpy(&in.sin6_addr, base, 16);
  }
  const Address address =
      Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage), sizeof(storage));
  return address.ip() + "/" + std::to_string(prefix);
}

}  // namespace

Result<Cidr> Cidr::parse(std::string_view text) {
  const std::string quoted = "\"" + clipped(text) + "\"";
  const std::size_t slash = text.find('/');
  const std::string_view ip = text.substr(0, slash);
  auto base = Address::parse_ip(ip);
  if (!base) {
    return config_error(quoted + " is not an address block, as in 10.0.0.0/8 or fd00::/8");
  }
  const unsigned bits = base->family() == Address::Family::V4 ? 32 : 128;
  unsigned prefix = bits;
  if (slash != text.npos) {
    const auto written = parse_prefix(text.substr(slash + 1));
    const bool is_mapped = bits == 32 && ip.find(':') != ip.npos;
    const unsigned least = is_mapped ? 96 : 0;
    if (!written || *written < least || *written - least > bits) {
      return config_error(quoted + ": the prefix length is a number of " + std::to_string(least) +
                          " to " + std::to_string(least + bits));
    }
    prefix = *written - least;
  }
  const std::string_view bytes = base->ip_bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if ((static_cast<unsigned char>(bytes[i]) & ~prefix_mask(prefix, i) & 0xff) != 0) {
      return config_error(quoted + " has bits behind its prefix; the block is " +
                          block_text(bytes, prefix));
    }
  }
  Cidr cidr;
  cidr.base_ = std::move(base).value();
  cidr.prefix_ = static_cast<std::uint8_t>(prefix);
  return cidr;
}

bool Cidr::contains(const Address& address) const {
  if (!address.is_ip() || address.family() != base_.family()) return false;
  const std::string_view mine = base_.ip_bytes();
  const std::string_view bytes = address.ip_bytes();
  for (std::size_t i = 0; i * 8 < prefix_; ++i) {
    const auto differing =
        static_cast<unsigned char>(mine[i]) ^ static_cast<unsigned char>(bytes[i]);
    if ((differing & prefix_mask(prefix_, i)) != 0) return false;
  }
  return true;
}

bool Cidr::contains(const Cidr& block) const {
  return prefix_ <= block.prefix_ && contains(block.base_);
}

std::string Cidr::to_string() const {
  return base_.ip() + "/" + std::to_string(prefix_);
}

CidrSet::CidrSet(const std::vector<Cidr>& blocks) {
  for (const Cidr& block : blocks) {
    const std::string_view bytes = block.base_.ip_bytes();
    Range range = {};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      range.first[i] = static_cast<unsigned char>(bytes[i]);
      range.last[i] = static_cast<unsigned char>(range.first[i] | ~prefix_mask(block.prefix_, i));
    }
    (bytes.size() == 4 ? v4_ : v6_).push_back(range);
  }
  merge(v4_);
  merge(v6_);
}

// Two blocks are apart or one holds the other: of the sorted ranges, those that end within the one
// before go.
void CidrSet::merge(std::vector<Range>& ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    const int order = std::memcmp(a.first, b.first, sizeof(a.first));
    return order != 0 ? order < 0 : std::memcmp(a.last, b.last, sizeof(a.last)) > 0;
  });
  const auto end = std::unique(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    return std::memcmp(b.last, a.last, sizeof(a.last)) <= 0;
  });
  ranges.erase(end, ranges.end());
}

bool CidrSet::contains(const Address& address) const {
  if (!address.is_ip()) return false;
  unsigned char bytes[16] = {};
  const std::string_view ip = address.ip_bytes();
  std::memcpy(bytes, ip.data(), ip.size());
  return contains(ip.size() == 4 ? v4_ : v6_, bytes);
}

bool CidrSet::contains(const std::vector<Range>& ranges, const unsigned char* bytes) {
  const auto after = std::upper_bound(
      ranges.begin(), ranges.end(), bytes, [](const unsigned char* value, const Range& range) {
        return std::memcmp(value, range.first, sizeof(range.first)) < 0;
      });
  if (after == ranges.begin()) return false;
  return std::memcmp(bytes, std::prev(after)->last, sizeof(Range::last)) <= 0;
}

}  // namespace weir::net
