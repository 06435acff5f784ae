#include "core/net/dns_hosts.h"

#include <gtest/gtest.h>

namespace weir::net {
namespace {

std::string find(const std::string& file, const std::string& name) {
  std::string text;
  for (const Address& address : DnsHosts(file).find(name)) text += address.ip() + " ";
  return text;
}

TEST(DnsHosts, FindsEveryAddressOfANameAndItsAliases) {
  const std::string file =
      "# comment\n\n10.0.0.1\tweb.test web\r\n  10.0.0.2 other web # web2\nfd00::1 WEB";
  EXPECT_EQ(find(file, "web"), "10.0.0.1 10.0.0.2 fd00::1 ");
  EXPECT_EQ(find(file, "web.test."), "10.0.0.1 ");
  EXPECT_EQ(find(file, "web2"), "");
  EXPECT_EQ(find(file, "10.0.0.1"), "");
}

TEST(DnsHosts, SkipsLinesThatAreNoAddress) {
  EXPECT_EQ(find("nonsense web\nfe80::1%eth0 web\n10.0.0.1 web\n10.0.0.2\n", "web"), "10.0.0.1 ");
}

TEST(DnsHosts, KnowsLocalhostUnlessTheFileKnowsBetter) {
  EXPECT_EQ(find("", "localhost"), "127.0.0.1 ::1 ");
  EXPECT_EQ(find("", "App.Localhost"), "127.0.0.1 ::1 ");
  EXPECT_EQ(find("127.0.0.1 localhost\n", "localhost"), "127.0.0.1 ");
  EXPECT_EQ(find("", "notlocalhost"), "");
}

TEST(DnsHosts, HasNoNamesWithoutAFile) {
  EXPECT_TRUE(DnsHosts::load("/nonexistent/hosts").find("web").empty());
  EXPECT_TRUE(DnsHosts::load("/").find("web").empty());
}

}  // namespace
}  // namespace weir::net
