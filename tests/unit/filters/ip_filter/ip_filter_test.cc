#include "filters/accept/ip_filter/ip_filter.h"

#include <gtest/gtest.h>

namespace weir::filters {
namespace {

net::CidrSet blocks(std::initializer_list<const char*> texts) {
  std::vector<net::Cidr> list;
  for (const char* text : texts) list.push_back(net::Cidr::parse(text).value());
  return net::CidrSet(list);
}

net::Address ip(const char* text) {
  return net::Address::parse_ip(text).value();
}

TEST(IpRules, LetEverybodyPassWhenNothingIsListed) {
  EXPECT_TRUE(IpRules().lets_pass(ip("192.0.2.1")));
}

TEST(IpRules, LetOnlyAllowedBlocksPass) {
  const IpRules rules{blocks({"10.0.0.0/8", "fd00::/8"}), {}};
  EXPECT_TRUE(rules.lets_pass(ip("10.255.0.1")));
  EXPECT_TRUE(rules.lets_pass(ip("fd12::1")));
  EXPECT_FALSE(rules.lets_pass(ip("11.0.0.1")));
  EXPECT_FALSE(rules.lets_pass(ip("fe80::1")));
}

TEST(IpRules, DenyBeatsAllow) {
  const IpRules rules{blocks({"10.0.0.0/8"}), blocks({"10.1.0.0/16"})};
  EXPECT_TRUE(rules.lets_pass(ip("10.2.0.1")));
  EXPECT_FALSE(rules.lets_pass(ip("10.1.0.1")));
}

TEST(IpRules, SeeAMappedAddressAsTheIpv4AddressItIs) {
  const IpRules rules{{}, blocks({"10.1.0.0/16"})};
  EXPECT_FALSE(rules.lets_pass(ip("::ffff:10.1.0.1")));
}

TEST(IpRules, LetUnixSocketsPass) {
  const IpRules rules{blocks({"10.0.0.0/8"}), {}};
  EXPECT_TRUE(rules.lets_pass(net::Address::parse("unix:/run/x.sock").value()));
}

}  // namespace
}  // namespace weir::filters
