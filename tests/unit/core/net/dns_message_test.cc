#include "core/net/dns_message.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/unit/core/net/dns_server.h"

namespace weir::net {
namespace {

std::string query_for(const std::string& name, DnsType type) {
  return wire_u16(7) + wire_u16(0x0100) + wire_u16(1) + wire_u16(0) + wire_u16(0) + wire_u16(0) +
         wire_name(name) + wire_u16(static_cast<unsigned>(type)) + wire_u16(1);
}

std::string reply_with(const std::vector<WireRecord>& answers) {
  return wire_reply(query_for("web.test", DnsType::A), 0, false, answers);
}

Result<DnsMessage> parse(const std::string& bytes) {
  return DnsMessage::parse({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

TEST(DnsMessage, ReadsEachTypeItKnows) {
  const auto message =
      parse(reply_with({a("web.test", 1, "10.0.0.1"), aaaa("web.test", 2, "fd00::1"),
                        cname("web.test", 3, "b.test"), srv("web.test", 4, 5, 6, 7, "c.test")}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->question, "web.test");
  ASSERT_EQ(message->answers.size(), 4u);
  EXPECT_EQ(message->answers[0].address.ip(), "10.0.0.1");
  EXPECT_EQ(message->answers[1].address.ip(), "fd00::1");
  EXPECT_EQ(message->answers[2].target, "b.test");
  EXPECT_EQ(message->answers[3].target, "c.test");
  EXPECT_EQ(message->answers[3].priority, 5);
  EXPECT_EQ(message->answers[3].weight, 6);
  EXPECT_EQ(message->answers[3].port, 7);
  EXPECT_EQ(message->answers[3].ttl, 4u);
}

TEST(DnsMessage, ReadsCompressedNames) {
  WireRecord record = cname("web.test", 3, "b.test");
  record.body = std::string("\1b\xc0\x10", 4);  // "b" and then "test" of the question
  const auto message = parse(reply_with({record}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->answers[0].target, "b.test");
}

TEST(DnsMessage, RefusesACompressionLoop) {
  WireRecord record = cname("web.test", 3, "b.test");
  const std::size_t body_at = reply_with({}).size() + record.wire().size() - record.body.size();
  record.body = {static_cast<char>(0xc0), static_cast<char>(body_at)};
  EXPECT_FALSE(parse(reply_with({record})));
}

TEST(DnsMessage, RefusesANameThatEndsOutsideItsRecord) {
  WireRecord record = cname("web.test", 3, "b.test");
  record.body += 'x';
  EXPECT_FALSE(parse(reply_with({record})));
}

TEST(DnsMessage, SkipsOtherTypesAndClassesAndAddressesOfTheWrongSize) {
  WireRecord text = a("web.test", 1, "10.0.0.1");
  text.type = static_cast<DnsType>(16);
  WireRecord short_address = a("web.test", 1, "10.0.0.1");
  short_address.body.pop_back();
  std::string bytes = reply_with({text, short_address, a("web.test", 1, "10.0.0.2")});
  const auto message = parse(bytes);
  ASSERT_TRUE(message);
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_EQ(message->answers[0].address.ip(), "10.0.0.2");

  bytes[bytes.size() - 11] = 3;  // the class of the last record
  EXPECT_TRUE(parse(bytes)->answers.empty());
}

TEST(DnsMessage, TakesATtlWithTheHighestBitAsZero) {
  const auto message = parse(reply_with({a("web.test", 0x80000001u, "10.0.0.1")}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->answers[0].ttl, 0u);
}

TEST(DnsMessage, RefusesEveryTruncation) {
  const std::string whole = reply_with({cname("web.test", 3, "b.test"), a("b.test", 1, "10.0.0.1"),
                                        srv("web.test", 4, 5, 6, 7, "c.test")});
  ASSERT_TRUE(parse(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // Its own allocation, so that a read behind the end is found.
    const std::vector<unsigned char> cut(whole.begin(), whole.begin() + static_cast<long>(size));
    EXPECT_FALSE(DnsMessage::parse(cut)) << size;
  }
}

TEST(DnsMessage, StaysInsideTheBytesWhateverTheyAre) {
  const std::string whole =
      reply_with({cname("web.test", 3, "b.test"), a("b.test", 1, "10.0.0.1"),
                  aaaa("b.test", 1, "fd00::1"), srv("web.test", 4, 5, 6, 7, "c.test")});
  std::mt19937 random(1035);
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<unsigned char> bytes(whole.begin(), whole.end());
    for (auto i = random() % 6; i > 0; --i) {
      bytes[random() % bytes.size()] = static_cast<unsigned char>(random());
    }
    if (random() % 3 == 0) bytes.resize(random() % (bytes.size() + 1));
    const auto message = DnsMessage::parse(bytes);
    if (!message) continue;
    ++accepted;
    std::uint32_t ttl = UINT32_MAX;
    EXPECT_LE(message->answers_of(DnsType::A, ttl).size(), message->answers.size());
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 20'000);
}

}  // namespace
}  // namespace weir::net
