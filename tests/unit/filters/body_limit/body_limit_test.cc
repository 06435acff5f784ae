#include "filters/http/body_limit/body_limit.h"

#include <gtest/gtest.h>

#include "tests/support/unit/stream_rig.h"

namespace weir::filters {
namespace {

// Chunked requests through a limit of five bytes.
class BodyLimit : public testing::Test {
 protected:
  BodyLimit() {
    rig.items.push_back({"limit", make_body_limit(5)});
    rig.chain.http->filters.entries.push_back({&rig.items.back(), 0});
  }
  void expect_refused() {
    EXPECT_EQ(rig.sink->status, 413);
    EXPECT_TRUE(rig.over());
    EXPECT_EQ(rig.observer.records.back().why, filter::Reason::BodyTooLarge);
    EXPECT_EQ(rig.observer.records.back().filter, "limit");
  }

  test::StreamRig rig;
};

TEST_F(BodyLimit, LetsExactlySoManyBytesPassInAnyPieces) {
  for (std::size_t split = 0; split <= 5; ++split) {
    rig.request(false);
    rig.body(std::string_view("hello").substr(0, split));
    rig.body(std::string_view("hello").substr(split), true);
    EXPECT_EQ(rig.exchange().body, "hello") << split;
    rig.turn([&] { rig.exchange().head_only(200); });
    EXPECT_EQ(rig.sink->status, 200);
  }
}

TEST_F(BodyLimit, RefusesOneByteMoreInAnyPiecesAndPassesNoneOfThePieceThatHasIt) {
  for (std::size_t split = 0; split <= 5; ++split) {
    rig.request(false);
    rig.body(std::string_view("hello!").substr(0, split));
    rig.body(std::string_view("hello!").substr(split), true);
    expect_refused();
    EXPECT_EQ(rig.exchange().body, std::string_view("hello").substr(0, split));
  }
}

TEST_F(BodyLimit, CutsAResponseThatHasBegun) {
  rig.request(false);
  rig.body("abc");
  rig.turn([&] { rig.exchange().head(200); });
  rig.body("def");
  EXPECT_EQ(rig.sink->status, 200);
  EXPECT_EQ(rig.sink->aborts, 1);
  EXPECT_EQ(rig.observer.records.back().why, filter::Reason::BodyTooLarge);
}

TEST_F(BodyLimit, IsAbsentFromARequestWithoutBodyAndDoesNotCountBehindAnUpgrade) {
  rig.request();
  rig.turn([&] { rig.exchange().head(101); });
  rig.body("more than five bytes");
  EXPECT_EQ(rig.exchange().body, "more than five bytes");
}

TEST_F(BodyLimit, DoesNotCountBehindAnUpgradeOfARequestWithABody) {
  rig.request(false);
  rig.body("hello", true);
  rig.turn([&] { rig.exchange().head(101); });
  rig.body("more");
  EXPECT_EQ(rig.exchange().body, "hellomore");
  EXPECT_EQ(rig.sink->aborts, 0);
}

}  // namespace
}  // namespace weir::filters
