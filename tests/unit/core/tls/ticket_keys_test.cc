#include "core/tls/ticket_keys.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace weir::tls {
namespace {

std::int64_t ticket_clock = 0;

using Bytes = std::vector<std::uint8_t>;

Bytes sealed(TicketKeys& keys, std::string_view text) {
  const Bytes plain(text.begin(), text.end());
  Bytes ticket(plain.size() + TicketKeys::kOverhead);
  ticket.resize(keys.seal(plain, ticket));
  return ticket;
}

std::string opened(TicketKeys& keys, const Bytes& ticket) {
  Bytes plain(ticket.size());
  plain.resize(keys.open(ticket, plain));
  return {plain.begin(), plain.end()};
}

TEST(TicketKeys, OpenWhatTheySealedAndNothingElse) {
  TicketKeys keys;
  TicketKeys others;
  const Bytes ticket = sealed(keys, "session");
  EXPECT_EQ(opened(keys, ticket), "session");
  EXPECT_EQ(opened(others, ticket), "");
  for (std::size_t i = 0; i < ticket.size(); ++i) {
    Bytes broken = ticket;
    broken[i] ^= 1;
    EXPECT_EQ(opened(keys, broken), "") << i;
    EXPECT_EQ(opened(keys, Bytes(ticket.begin(), ticket.begin() + static_cast<long>(i))), "");
  }
}

TEST(TicketKeys, SealNothingTwiceAlike) {
  TicketKeys keys;
  EXPECT_NE(sealed(keys, "session"), sealed(keys, "session"));
}

TEST(TicketKeys, WorkInPlace) {
  TicketKeys keys;
  Bytes bytes(100 + TicketKeys::kOverhead, 7);
  ASSERT_EQ(keys.seal(std::span(bytes).first(100), bytes), bytes.size());
  ASSERT_EQ(keys.open(bytes, bytes), 100u);
  EXPECT_EQ(Bytes(bytes.begin(), bytes.begin() + 100), Bytes(100, 7));
}

TEST(TicketKeys, WantRoom) {
  TicketKeys keys;
  const Bytes plain(100);
  Bytes small(100 + TicketKeys::kOverhead - 1);
  EXPECT_EQ(keys.seal(plain, small), 0u);
}

TEST(TicketKeys, OpenForTwoPeriodsAfterTheOneInWhichTheySealed) {
  ticket_clock = 1'000;
  TicketKeys keys([] { return ticket_clock; });
  const Bytes first = sealed(keys, "first");
  ticket_clock += TicketKeys::kPeriodS;
  const Bytes second = sealed(keys, "second");
  EXPECT_FALSE(std::equal(first.begin(), first.begin() + 16, second.begin()));
  ticket_clock += TicketKeys::kPeriodS;
  EXPECT_EQ(opened(keys, first), "first");
  EXPECT_EQ(opened(keys, second), "second");
  ticket_clock += TicketKeys::kPeriodS;
  EXPECT_EQ(opened(keys, first), "");
  EXPECT_EQ(opened(keys, second), "second");
  ticket_clock += TicketKeys::kPeriodS;
  EXPECT_EQ(opened(keys, second), "");
}

TEST(TicketKeys, AreAllDroppedWhenNobodyAskedForLong) {
  ticket_clock = 1'000;
  TicketKeys keys([] { return ticket_clock; });
  const Bytes ticket = sealed(keys, "session");
  ticket_clock += 100 * TicketKeys::kPeriodS;
  EXPECT_EQ(opened(keys, ticket), "");
  EXPECT_EQ(opened(keys, sealed(keys, "fresh")), "fresh");
}

}  // namespace
}  // namespace weir::tls
