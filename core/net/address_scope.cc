#include "core/net/address_scope.h"

#include <array>
#include <string_view>
#include <vector>

#include "core/net/cidr.h"

namespace weir::net {
namespace {

template <std::size_t kCount>
CidrSet set_of(const std::array<std::string_view, kCount>& texts) {
  std::vector<Cidr> parsed;
  for (const std::string_view text : texts) parsed.push_back(Cidr::parse(text).value());
  return CidrSet(parsed);
}

}  // namespace

bool is_loopback(const Address& address) {
  static const CidrSet blocks = set_of(std::to_array<std::string_view>({"127.0.0.0/8", "::1"}));
  return blocks.contains(address);
}

bool is_private(const Address& address) {
  static const CidrSet blocks = set_of(std::to_array<std::string_view>(
      {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
       "fc00::/7", "fe80::/10"}));
  return blocks.contains(address);
}

}  // namespace weir::net
