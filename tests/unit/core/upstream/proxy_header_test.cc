#include "core/upstream/proxy_header.h"

#include <gtest/gtest.h>

namespace weir::upstream {
namespace {

std::string header(ProxyProtocol version, const char* client, const char* local) {
  BlockPool pool;
  Buffer out;
  write_proxy_header(version, *net::Address::parse(client), *net::Address::parse(local), pool, out);
  return out.to_string();
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

TEST(ProxyHeader, IsNothingWhenNoneIsSent) {
  EXPECT_EQ(header(ProxyProtocol::None, "1.2.3.4:5", "6.7.8.9:10"), "");
}

TEST(ProxyHeader, SaysBothAddressesInVersion1) {
  EXPECT_EQ(header(ProxyProtocol::V1, "1.2.3.4:5", "6.7.8.9:10"),
            "PROXY TCP4 1.2.3.4 6.7.8.9 5 10\r\n");
  EXPECT_EQ(header(ProxyProtocol::V1, "[2001:db8::1]:5", "[::1]:10"),
            "PROXY TCP6 2001:db8::1 ::1 5 10\r\n");
  EXPECT_EQ(header(ProxyProtocol::V1, "1.2.3.4:5", "[::1]:10"),
            "PROXY TCP6 ::ffff:1.2.3.4 ::1 5 10\r\n");
  EXPECT_EQ(header(ProxyProtocol::V1, "unix:/a", "[::1]:10"), "PROXY UNKNOWN\r\n");
}

TEST(ProxyHeader, SaysBothAddressesInVersion2) {
  const std::string signature = "0d0a0d0a000d0a515549540a";
  EXPECT_EQ(hex(header(ProxyProtocol::V2, "1.2.3.4:5", "6.7.8.9:258")),
            signature + "2111000c" + "01020304" + "06070809" + "0005" + "0102");
  EXPECT_EQ(hex(header(ProxyProtocol::V2, "1.2.3.4:5", "[::1]:10")),
            signature + "21210024" + "00000000000000000000ffff01020304" +
                "00000000000000000000000000000001" + "0005" + "000a");
  EXPECT_EQ(hex(header(ProxyProtocol::V2, "unix:/a", "[::1]:10")), signature + "20000000");
  const std::string sockets = header(ProxyProtocol::V2, "unix:/a", "unix:/b");
  EXPECT_EQ(hex(sockets.substr(12, 4)), "213100d8");
  EXPECT_EQ(sockets.size(), 16u + 216);
  EXPECT_EQ(sockets.substr(16, 3), std::string("/a\0", 3));
}

}  // namespace
}  // namespace weir::upstream
