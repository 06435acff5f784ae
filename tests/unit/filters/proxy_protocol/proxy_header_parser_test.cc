#include "filters/accept/proxy_protocol/proxy_header_parser.h"

#include <string>

#include <gtest/gtest.h>

namespace weir::filters {
namespace {

using namespace std::string_literals;

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string binary(unsigned char command, unsigned char family, const std::string& rest) {
  std::string bytes = kSignature;
  bytes += static_cast<char>(command);
  bytes += static_cast<char>(family);
  bytes += static_cast<char>(rest.size() >> 8);
  bytes += static_cast<char>(rest.size() & 255);
  return bytes + rest;
}

const std::string kFourAddresses = "\x0a\x01\x02\x03\x0a\x00\x00\x09\x1f\x90\x00\x50"s;

ProxyParse parse(const std::string& bytes) {
  ProxiedConnection result;
  return parse_proxy_header(bytes, result);
}

// A header is incomplete at every shorter length, and the same whatever follows it.
void expect_complete(const std::string& header, const std::string& source) {
  for (std::size_t size = 0; size < header.size(); ++size) {
    EXPECT_EQ(parse(header.substr(0, size)), ProxyParse::Incomplete) << size;
  }
  ProxiedConnection result;
  ASSERT_EQ(parse_proxy_header(header + "GET / HTTP/1.1", result), ProxyParse::Complete);
  EXPECT_EQ(result.header_size, header.size());
  EXPECT_EQ(result.source ? result.source->to_string() : "", source);
}

TEST(ProxyHeader, ReadsTheTextFormOfBothFamilies) {
  expect_complete("PROXY TCP4 10.1.2.3 10.0.0.9 8080 80\r\n", "10.1.2.3:8080");
  expect_complete("PROXY TCP6 2001:db8::1 ::1 8080 80\r\n", "[2001:db8::1]:8080");
}

TEST(ProxyHeader, TakesUnknownAsTheSendersOwnConnection) {
  expect_complete("PROXY UNKNOWN\r\n", "");
  expect_complete("PROXY UNKNOWN ffff:f ffff:f 65535 65535\r\n", "");
}

TEST(ProxyHeader, ReadsTheBinaryFormOfBothFamilies) {
  expect_complete(binary(0x21, 0x11, kFourAddresses), "10.1.2.3:8080");
  const std::string six = "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"s +
                          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"s + "\x1f\x90\x00\x50"s;
  expect_complete(binary(0x21, 0x21, six), "[2001:db8::1]:8080");
}

TEST(ProxyHeader, TakesLocalAsTheSendersOwnConnection) {
  expect_complete(binary(0x20, 0x00, ""), "");
  expect_complete(binary(0x20, 0x11, kFourAddresses), "");
  // Whatever family it names.
  expect_complete(binary(0x20, 0xff, ""), "");
  expect_complete(binary(0x20, 0x41, "abc"), "");
}

TEST(ProxyHeader, SkipsTlvsThatFitExactly) {
  expect_complete(binary(0x21, 0x11, kFourAddresses + "\x04\x00\x03"s + "abc"), "10.1.2.3:8080");
}

TEST(ProxyHeader, RefusesTlvsThatDoNotFit) {
  EXPECT_EQ(parse(binary(0x21, 0x11, kFourAddresses + "\x04\x00\x04"s + "abc")),
            ProxyParse::Failed);
  EXPECT_EQ(parse(binary(0x21, 0x11, kFourAddresses + "\x04\x00"s)), ProxyParse::Failed);
}

TEST(ProxyHeader, RefusesBinaryHeadersThatMakeNoSense) {
  EXPECT_EQ(parse(binary(0x11, 0x11, kFourAddresses)), ProxyParse::Failed);
  EXPECT_EQ(parse(binary(0x22, 0x11, kFourAddresses)), ProxyParse::Failed);
  EXPECT_EQ(parse(binary(0x21, 0x41, kFourAddresses)), ProxyParse::Failed);
  EXPECT_EQ(parse(binary(0x21, 0x12, kFourAddresses)), ProxyParse::Failed);
  EXPECT_EQ(parse(binary(0x21, 0x11, kFourAddresses.substr(1))), ProxyParse::Failed);
  EXPECT_EQ(parse(binary(0x21, 0x11, std::string(kMaxProxyHeader, '\0'))), ProxyParse::Failed);
}

TEST(ProxyHeader, RefusesTextHeadersThatAreNotCanonical) {
  for (const char* line :
       {"PROXY TCP4 10.1.2.3 10.0.0.9 8080\r\n", "PROXY TCP4 10.1.2.3 10.0.0.9 8080 80 \r\n",
        "PROXY TCP4  10.1.2.3 10.0.0.9 8080 80\r\n", "PROXY TCP4 ::1 ::1 8080 80\r\n",
        "PROXY TCP6 10.1.2.3 10.0.0.9 8080 80\r\n", "PROXY TCP4 10.1.2.3 10.0.0.9 08080 80\r\n",
        "PROXY TCP4 10.1.2.3 10.0.0.9 65536 80\r\n", "PROXY TCP4 10.1.2.3 10.0.0.9 -1 80\r\n",
        "PROXY UDP4 10.1.2.3 10.0.0.9 8080 80\r\n", "PROXY TCP4 10.1.2.3 10.0.0.9 8080 80\n",
        "PROXY UNKNOWNX\r\n", "PROXY UNKNOWN a\nb\r\n", "PROXY UNKNOWN a\rb\r\n",
        "PROXY UNKNOWN a\xf7\r\n"}) {
    EXPECT_EQ(parse(line), ProxyParse::Failed) << line;
  }
}

TEST(ProxyHeader, RefusesALineThatDoesNotEndInTime) {
  EXPECT_EQ(parse("PROXY " + std::string(99, 'x')), ProxyParse::Incomplete);
  EXPECT_EQ(parse("PROXY " + std::string(100, 'x')), ProxyParse::Failed);
}

TEST(ProxyHeader, TellsBytesThatAreNoHeaderAtOnce) {
  EXPECT_EQ(parse("G"), ProxyParse::Absent);
  EXPECT_EQ(parse("PRI * HTTP/2.0"), ProxyParse::Absent);
  EXPECT_EQ(parse("\r\n\r\nGET"), ProxyParse::Absent);
}

}  // namespace
}  // namespace weir::filters
