#include "core/http/authority.h"

#include <string>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

TEST(ParseAuthority, TakesHostAndPortApart) {
  const auto authority = parse_authority("shop.example:8080");
  ASSERT_TRUE(authority);
  EXPECT_EQ(authority->host, "shop.example");
  EXPECT_EQ(authority->port, 8080);
}

TEST(ParseAuthority, GivesPortZeroWhenThereIsNone) {
  const auto authority = parse_authority("a");
  ASSERT_TRUE(authority);
  EXPECT_EQ(authority->host, "a");
  EXPECT_EQ(authority->port, 0);
}

TEST(ParseAuthority, AcceptsNames) {
  for (const char* text :
       {"a", "a-b_c.d~e", "1.2.3.4", "1.2.3.999", "a!$&'()*+;=", "a.", "xn--bcher-kva.example"}) {
    EXPECT_TRUE(parse_authority(text)) << text;
  }
}

TEST(ParseAuthority, RefusesWhatIsNoHost) {
  for (const char* text :
       {"",  ":80", "a b",  "a,b", "u@a",  "u:p@a", "a/b",  "a?b", "a#b", "a\\b", "a%", "a%20b",
        ".", ".a",  "a..b", "a..", "a[b]", "\x80",  "a\tb", "<a>", "a\"", "a^b",  "a|b"}) {
    EXPECT_FALSE(parse_authority(text)) << text;
  }
}

TEST(NormalHost, IsOneSpellingOfEachHost) {
  Arena arena;
  for (const auto& [host, normal] : std::initializer_list<std::pair<const char*, const char*>>{
           {"shop.example", "shop.example"},
           {"shop.example.", "shop.example"},
           {"1.2.3.4", "1.2.3.4"},
           {"[::1]", "[::1]"},
           {"[0:0::1]", "[::1]"},
           {"[2001:db8:0:0:0:0:0:1]", "[2001:db8::1]"},
           {"[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]"}}) {
    EXPECT_EQ(normal_host(host, arena), normal) << host;
  }
}

TEST(ParseAuthority, AcceptsPortsFrom1To65535) {
  EXPECT_EQ(parse_authority("a:1")->port, 1);
  EXPECT_EQ(parse_authority("a:65535")->port, 65535);
  for (const char* text : {"a:", "a:0", "a:65536", "a:080", "a:000001", "a:99999999999", "a:+1",
                           "a:-1", "a:x", "a:1x", "a: 1", "a:1 ", "a::1", "[::1]:", "[::1]:x"}) {
    EXPECT_FALSE(parse_authority(text)) << text;
  }
}

TEST(ParseAuthority, AcceptsIpv6InBrackets) {
  for (const char* address :
       {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1::8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
        "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "2001:DB8::", "64:ff9b::0.0.0.255"}) {
    const std::string host = "[" + std::string(address) + "]";
    const std::string text = host + ":9";
    const auto authority = parse_authority(text);
    ASSERT_TRUE(authority) << text;
    EXPECT_EQ(authority->host, host);
    EXPECT_EQ(authority->port, 9);
  }
}

TEST(ParseAuthority, RefusesBadIpv6) {
  for (const char* address : {"",
                              ":",
                              ":::",
                              "1",
                              "1:2:3:4:5:6:7",
                              "1:2:3:4:5:6:7:8:9",
                              "1::2::3",
                              "1:2:3:4:5:6:7:8::",
                              "12345::",
                              "g::",
                              "1:2:3:4:5:6:7:1.2.3.4",
                              "::1.2.3",
                              "::1.2.3.4.5",
                              "::1.2.3.256",
                              "::01.2.3.4",
                              "1.2.3.4::",
                              "1.2.3.4",
                              "fe80::1%25eth0",
                              "fe80::1%eth0",
                              "v1.x",
                              "::1 ",
                              "1:",
                              ":1",
                              "::1:"}) {
    const std::string text = "[" + std::string(address) + "]";
    EXPECT_FALSE(parse_authority(text)) << text;
  }
  for (const char* text : {"[", "[::1", "::1", "[::1]]", "[[::1]]", "[::1]a", "a[::1]"}) {
    EXPECT_FALSE(parse_authority(text)) << text;
  }
}

}  // namespace
}  // namespace weir::http
