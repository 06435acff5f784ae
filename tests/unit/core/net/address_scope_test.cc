#include "core/net/address_scope.h"

#include <gtest/gtest.h>

namespace weir::net {
namespace {

Address at(std::string_view text) {
  return Address::parse(text).value();
}

TEST(AddressScope, KnowsWhatOnlyThisMachineReaches) {
  EXPECT_TRUE(is_loopback(at("127.0.0.1:80")));
  EXPECT_TRUE(is_loopback(at("127.255.0.1:80")));
  EXPECT_TRUE(is_loopback(at("[::1]:80")));
  EXPECT_FALSE(is_loopback(at("0.0.0.0:80")));
  EXPECT_FALSE(is_loopback(at("[::]:80")));
  EXPECT_FALSE(is_loopback(at("10.0.0.1:80")));
  EXPECT_FALSE(is_loopback(at("/run/x.sock")));
}

TEST(AddressScope, KnowsNetworksThatAreNotTheInternet) {
  for (const std::string_view text :
       {"10.1.2.3:80", "172.31.0.1:80", "192.168.0.1:80", "100.64.0.1:80", "169.254.0.1:80",
        "[fd00::1]:80", "[fe80::1]:80"}) {
    EXPECT_TRUE(is_private(at(text))) << text;
  }
  for (const std::string_view text :
       {"0.0.0.0:80", "[::]:80", "172.32.0.1:80", "192.0.2.1:80", "[2001:db8::1]:80"}) {
    EXPECT_FALSE(is_private(at(text))) << text;
  }
}

}  // namespace
}  // namespace weir::net
