#include "core/net/address.h"

#include <cstddef>
#include <cstring>

#include <gtest/gtest.h>
#include <sys/un.h>

namespace weir::net {
namespace {

Address parsed(std::string_view text) {
  auto address = Address::parse(text);
  EXPECT_TRUE(address) << text;
  return address ? *address : Address();
}

TEST(Address, ReadsAndWritesEachFamily) {
  for (const char* text : {"127.0.0.1:80", "0.0.0.0:0", "255.255.255.255:65535", "[::1]:443",
                           "[2001:db8::7]:8080", "[::]:1", "unix:/run/x.sock", "unix:x.sock"}) {
    EXPECT_EQ(parsed(text).to_string(), text);
  }
  EXPECT_EQ(parsed("/run/x.sock").to_string(), "unix:/run/x.sock");
  EXPECT_EQ(parsed("[2001:DB8:0:0::0007]:1").to_string(), "[2001:db8::7]:1");
}

TEST(Address, KnowsItsParts) {
  const Address v4 = parsed("10.1.2.3:80");
  EXPECT_EQ(v4.family(), Address::Family::V4);
  EXPECT_EQ(v4.port(), 80);
  EXPECT_EQ(v4.ip(), "10.1.2.3");
  EXPECT_EQ(v4.ip_bytes(), std::string_view("\x0a\x01\x02\x03", 4));
  EXPECT_EQ(parsed("[::1]:443").ip(), "::1");
  EXPECT_EQ(parsed("[::1]:443").ip_bytes().size(), 16u);
  const Address path = parsed("/run/x");
  EXPECT_FALSE(path.is_ip());
  EXPECT_EQ(path.unix_path(), "/run/x");
  EXPECT_EQ(path.ip(), "");
  EXPECT_EQ(path.ip_bytes(), "");
  EXPECT_EQ(Address().to_string(), "");
}

TEST(Address, RefusesWhatIsNotExactlyAnAddress) {
  for (const char* text : {"",
                           ":80",
                           "127.0.0.1",
                           "127.0.0.1:",
                           "127.0.0.1:65536",
                           "127.0.0.1:080",
                           "127.0.0.1:+80",
                           "127.0.0.1:8 0",
                           "127.0.0.1:000",
                           "127.0.0.01:80",
                           "127.0.0:80",
                           "127.0.0.1.1:80",
                           "127.0.0.256:80",
                           " 127.0.0.1:80",
                           "0x7f.0.0.1:80",
                           "::1:80",
                           "[::1]",
                           "[::1]:",
                           "[::1:80",
                           "::1]:80",
                           "[::1%lo]:80",
                           "[fe80::1%1]:80",
                           "[127.0.0.1]:80",
                           "[]:80",
                           "[:::1]:80",
                           "[1:2:3:4:5:6:7:8:9]:80",
                           "[::12345]:80",
                           "localhost:80",
                           "unix:",
                           "*:80"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
  EXPECT_FALSE(Address::parse(std::string_view("1.2.3.4\0:80", 11)));
  EXPECT_FALSE(Address::parse(std::string_view("/run/\0x", 7)));
}

TEST(Address, SaysWhatIsWrong) {
  EXPECT_NE(Address::parse("::1:80").error().message.find("brackets"), std::string::npos);
  EXPECT_NE(Address::parse("1.2.3.4").error().message.find("port is missing"), std::string::npos);
  EXPECT_NE(Address::parse("1.2.3.4:x").error().message.find("0 to 65535"), std::string::npos);
  EXPECT_NE(Address::parse_ip("fe80::1%eth0").error().message.find("zone"), std::string::npos);
}

TEST(Address, SaysThatAbstractSocketsAreNotSupported) {
  for (const char* text : {"@abstract", "unix:@abstract", "@", "@a:80"}) {
    const auto address = Address::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message.find("abstract sockets are not supported"), std::string::npos)
        << text;
  }
  EXPECT_EQ(parsed("unix:./@file").unix_path(), "./@file");
}

TEST(Address, SaysThatUnixIsWrittenInSmallLetters) {
  const auto address = Address::parse("UNIX:/tmp/z");
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().message,
            "\"UNIX:/tmp/z\" is not an address: unix: is written in small letters");
}

TEST(Address, SaysHowAUnixSocketIsWrittenWhereItLooksLikeAPath) {
  for (const char* text :
       {"./x.sock", "../x", "~/x", "run/weir/x", "x.sock", "x.socket", "a.b/x.sock", "run/x:80"}) {
    const auto address = Address::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message.find("begins with '/'"), std::string::npos) << text;
  }
  for (const char* text : {"http://a/", "10.0.0.0/8", "[fe80::]/10", "::1/128", "a.example/x",
                           "localhost:80/x", "web.internal"}) {
    const auto address = Address::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().message.find("unix"), std::string::npos) << text;
  }
}

TEST(Address, TakesAnIpWithoutAPort) {
  EXPECT_EQ(Address::parse_ip("10.0.0.1", 90)->to_string(), "10.0.0.1:90");
  EXPECT_EQ(Address::parse_ip("::1")->to_string(), "[::1]:0");
  EXPECT_FALSE(Address::parse_ip("10.0.0.1:90"));
  EXPECT_FALSE(Address::parse_ip("[::1]"));
  EXPECT_FALSE(Address::parse_ip("/run/x"));
  EXPECT_FALSE(Address::parse_ip(std::string(200, '1')));
}

TEST(Address, TakesIPv4MappedIPv6ForIPv4) {
  const Address mapped = parsed("[::ffff:10.0.0.1]:80");
  EXPECT_EQ(mapped, parsed("10.0.0.1:80"));
  sockaddr_in6 in = {};
  in.sin6_family = AF_INET6;
  in.sin6_port = htons(80);
  const unsigned char bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
  std::memcpy(&in.sin6_addr, bytes, 16);
  EXPECT_EQ(Address::from_sockaddr(reinterpret_cast<sockaddr*>(&in), sizeof(in)), mapped);
}

TEST(Address, LimitsUnixPathsTo107Bytes) {
  const std::string longest = "/" + std::string(106, 'x');
  EXPECT_EQ(parsed(longest).unix_path(), longest);
  EXPECT_FALSE(Address::parse(longest + "x"));
  EXPECT_FALSE(Address::parse("unix:" + longest + "x"));
}

TEST(Address, SurvivesTheWayThroughASockaddr) {
  for (const std::string& text : {std::string("10.0.0.1:80"), std::string("[2001:db8::1]:443"),
                                  std::string("unix:/run/x"), "unix:/" + std::string(106, 'x')}) {
    const Address address = parsed(text);
    sockaddr_storage storage;
    const socklen_t size = address.to_sockaddr(storage);
    ASSERT_GT(size, 0u);
    EXPECT_EQ(Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), size), address);
  }
  sockaddr_storage storage;
  EXPECT_EQ(Address().to_sockaddr(storage), 0u);
}

TEST(Address, TakesUnnamedAndUnknownSockaddrsWithoutReadingBehindThem) {
  sockaddr_un un = {};
  un.sun_family = AF_UNIX;
  const auto* address = reinterpret_cast<const sockaddr*>(&un);
  const Address unnamed = Address::from_sockaddr(address, offsetof(sockaddr_un, sun_path));
  EXPECT_EQ(unnamed.family(), Address::Family::Unix);
  EXPECT_EQ(unnamed.unix_path(), "");
  std::memset(un.sun_path, 'x', sizeof(un.sun_path));
  EXPECT_EQ(Address::from_sockaddr(address, sizeof(un)).unix_path().size(), 107u);
  EXPECT_EQ(Address::from_sockaddr(nullptr, 0), Address());
  sockaddr_in in = {};
  in.sin_family = AF_INET;
  EXPECT_EQ(Address::from_sockaddr(reinterpret_cast<sockaddr*>(&in), 4), Address());
}

TEST(Address, ChangesThePortOfIpAddressesOnly) {
  EXPECT_EQ(parsed("10.0.0.1:80").with_port(81).to_string(), "10.0.0.1:81");
  EXPECT_EQ(parsed("/run/x").with_port(81), parsed("/run/x"));
}

}  // namespace
}  // namespace weir::net
