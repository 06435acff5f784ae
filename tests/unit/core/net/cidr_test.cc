#include "core/net/cidr.h"

#include <random>

#include <gtest/gtest.h>

namespace weir::net {
namespace {

Cidr block(std::string_view text) {
  auto cidr = Cidr::parse(text);
  EXPECT_TRUE(cidr) << text;
  return cidr ? *cidr : Cidr();
}

Address ip(std::string_view text) {
  return Address::parse_ip(text).value();
}

TEST(Cidr, ReadsAndWritesBlocks) {
  for (const char* text : {"10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "10.128.0.0/9", "fd00::/8",
                           "::/0", "2001:db8::1/128"}) {
    EXPECT_EQ(block(text).to_string(), text);
  }
  EXPECT_EQ(block("10.0.0.1").to_string(), "10.0.0.1/32");
  EXPECT_EQ(block("::1").to_string(), "::1/128");
}

TEST(Cidr, TakesIPv4MappedIPv6ForIPv4) {
  EXPECT_EQ(block("::ffff:10.0.0.0/104"), block("10.0.0.0/8"));
  EXPECT_EQ(block("::ffff:10.0.0.1"), block("10.0.0.1/32"));
  EXPECT_FALSE(Cidr::parse("::ffff:10.0.0.0/8"));
}

TEST(Cidr, KnowsWhenItIsEverything) {
  EXPECT_TRUE(Cidr::parse("0.0.0.0/0")->is_everything());
  EXPECT_TRUE(Cidr::parse("::/0")->is_everything());
  EXPECT_FALSE(Cidr::parse("0.0.0.0/1")->is_everything());
}

TEST(Cidr, RefusesWhatIsNotExactlyABlock) {
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1",
                           "10.0.0.0/8/8", "10.0.0/8", "::/129", "fd00::/08", "name/8",
                           "10.0.0.0/8 ", "fe80::%lo/64", "10.0.0.0:80", "10.0.0.0/0x8"}) {
    EXPECT_FALSE(Cidr::parse(text)) << text;
  }
}

TEST(Cidr, RefusesBitsBehindThePrefixAndNamesTheBlock) {
  const auto slip = Cidr::parse("10.1.2.3/8");
  ASSERT_FALSE(slip);
  EXPECT_NE(slip.error().message.find("10.0.0.0/8"), std::string::npos) << slip.error().message;
  EXPECT_FALSE(Cidr::parse("10.0.0.129/25"));
  EXPECT_FALSE(Cidr::parse("fd00::1/64"));
  EXPECT_FALSE(Cidr::parse("0.0.0.1/0"));
}

TEST(Cidr, ContainsItsAddressesAndNoOthers) {
  EXPECT_TRUE(block("10.0.0.0/8").contains(ip("10.255.255.255")));
  EXPECT_FALSE(block("10.0.0.0/8").contains(ip("11.0.0.0")));
  EXPECT_TRUE(block("10.0.0.128/25").contains(ip("10.0.0.128")));
  EXPECT_FALSE(block("10.0.0.128/25").contains(ip("10.0.0.127")));
  EXPECT_TRUE(block("0.0.0.0/0").contains(ip("1.2.3.4")));
  EXPECT_FALSE(block("0.0.0.0/0").contains(ip("::1")));
  EXPECT_FALSE(block("::/0").contains(ip("1.2.3.4")));
  EXPECT_TRUE(block("fd00::/9").contains(ip("fd7f::1")));
  EXPECT_FALSE(block("fd00::/9").contains(ip("fd80::1")));
  EXPECT_FALSE(block("0.0.0.0/0").contains(Address()));
  EXPECT_FALSE(Cidr().contains(ip("0.0.0.0")));
  EXPECT_TRUE(block("10.0.0.0/8").contains(ip("::ffff:10.0.0.1")));
}

TEST(Cidr, ContainsSmallerBlocks) {
  EXPECT_TRUE(block("10.0.0.0/8").contains(block("10.2.0.0/16")));
  EXPECT_TRUE(block("10.0.0.0/8").contains(block("10.0.0.0/8")));
  EXPECT_FALSE(block("10.2.0.0/16").contains(block("10.0.0.0/8")));
  EXPECT_FALSE(block("10.0.0.0/8").contains(block("11.0.0.0/16")));
}

TEST(CidrSet, FindsAddressesOfNestedAndAdjacentBlocks) {
  const CidrSet set({block("10.0.0.0/8"), block("10.1.0.0/16"), block("11.0.0.0/9"),
                     block("192.168.1.1"), block("fd00::/8"), block("10.0.0.0/8")});
  for (const char* inside :
       {"10.0.0.0", "10.1.255.255", "10.255.255.255", "11.127.255.255", "192.168.1.1", "fdff::1"}) {
    EXPECT_TRUE(set.contains(ip(inside))) << inside;
  }
  for (const char* outside : {"9.255.255.255", "11.128.0.0", "192.168.1.0", "192.168.1.2",
                              "fc00::", "fe00::", "0.0.0.0", "255.255.255.255"}) {
    EXPECT_FALSE(set.contains(ip(outside))) << outside;
  }
}

TEST(CidrSet, IsEmptyWithoutBlocks) {
  EXPECT_TRUE(CidrSet().empty());
  EXPECT_FALSE(CidrSet().contains(ip("1.2.3.4")));
  EXPECT_FALSE(CidrSet({block("::/0")}).empty());
  EXPECT_FALSE(CidrSet({block("0.0.0.0/0")}).contains(Address::parse("/run/x").value()));
}

TEST(CidrSet, AgreesWithItsBlocksOneByOne) {
  std::mt19937 engine(7);
  const auto random = [&engine] { return static_cast<unsigned>(engine()); };
  for (int round = 0; round < 300; ++round) {
    std::vector<Cidr> blocks;
    for (unsigned i = 0; i < random() % 12; ++i) {
      const unsigned prefix = 24 + random() % 9;
      const unsigned last = (random() % 256) & (0xff00u >> (prefix - 24));
      blocks.push_back(block("10.0." + std::to_string(random() % 2) + "." +
                             std::to_string(last & 0xff) + "/" + std::to_string(prefix)));
    }
    const CidrSet set(blocks);
    for (unsigned i = 0; i < 512; ++i) {
      const Address address = ip("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
      bool expected = false;
      for (const Cidr& cidr : blocks) expected = expected || cidr.contains(address);
      ASSERT_EQ(set.contains(address), expected) << address.ip();
    }
  }
}

}  // namespace
}  // namespace weir::net
