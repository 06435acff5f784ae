#include "core/server/failed_exchanges.h"

#include <gtest/gtest.h>

namespace weir::server {
namespace {

using filter::Reason;

filter::ExchangeRecord record(std::string_view id, Reason why, std::uint16_t status = 503) {
  filter::ExchangeRecord record;
  record.id = id;
  record.why = why;
  record.status = status;
  return record;
}

TEST(FailedExchanges, RememberWhatFailed) {
  FailedExchanges failures;
  failures.on_exchange(record("good", Reason::Ok, 200));
  failures.on_exchange(record("moved", Reason::Redirected, 308));
  failures.on_exchange(record("bad", Reason::ConnectFailed));
  failures.on_exchange(record("origin", Reason::Ok, 502));
  const auto all = failures.list("");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, "origin");
  EXPECT_EQ(all[1].id, "bad");
  EXPECT_EQ(failures.list("bad").size(), 1u);
  EXPECT_TRUE(failures.list("good").empty());
}

TEST(FailedExchanges, AreNotForgottenForWhatClientsCause) {
  FailedExchanges failures;
  failures.on_exchange(record("bad", Reason::ConnectFailed));
  for (std::size_t i = 0; i < 2 * FailedExchanges::kMost; ++i) {
    failures.on_exchange(record(std::to_string(i), Reason::NoRoute, 404));
  }
  EXPECT_EQ(failures.list("bad").size(), 1u);
}

TEST(FailedExchanges, ForgetTheOldest) {
  FailedExchanges failures;
  for (std::size_t i = 0; i < FailedExchanges::kMost + 3; ++i) {
    failures.on_exchange(record(std::to_string(i), Reason::NoRoute, 404));
  }
  const auto all = failures.list("");
  ASSERT_EQ(all.size(), FailedExchanges::kMost);
  EXPECT_EQ(all.front().id, std::to_string(FailedExchanges::kMost + 2));
  EXPECT_EQ(all.back().id, "3");
}

TEST(FailedExchanges, CutLongTexts) {
  FailedExchanges failures;
  const std::string path(FailedExchange::kMaxText + 1, 'x');
  filter::ExchangeRecord one = record("a", Reason::BadRequest, 400);
  one.path = path;
  failures.on_exchange(one);
  EXPECT_EQ(failures.list("a").at(0).path.size(), FailedExchange::kMaxText);
}

TEST(FailedExchanges, KeepTheAttempts) {
  FailedExchanges failures;
  filter::ExchangeRecord one = record("a", Reason::ConnectFailed);
  const filter::Attempt attempts[] = {{"10.0.0.1:80", "connect_failed", 1},
                                      {"10.0.0.2:80", "503", 7}};
  one.attempts = attempts;
  one.attempt_count = 2;
  failures.on_exchange(one);
  EXPECT_EQ(failures.list("a").at(0).attempts,
            "10.0.0.1:80 connect_failed after 1 ms, 10.0.0.2:80 503 after 7 ms");
}

}  // namespace
}  // namespace weir::server
