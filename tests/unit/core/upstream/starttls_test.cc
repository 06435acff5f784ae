#include "core/upstream/starttls.h"

#include <gtest/gtest.h>

#include "core/event/reactor.h"
#include "tests/support/unit/pipe.h"

namespace weir::upstream {
namespace {

using Outcome = StarttlsRequest::Outcome;

class StarttlsRequestTest : public testing::Test {
 protected:
  Outcome advance() { return request->advance(*transport); }
  void ask(std::string_view first = {}) {
    Buffer buffer;
    if (!first.empty()) buffer.append(Slice::of_static(first));
    request.emplace(std::move(buffer));
  }

  event::Reactor reactor{0};
  test::Pipe pipe{reactor.loop()};
  std::unique_ptr<net::Transport> transport = pipe.make_transport();
  std::optional<StarttlsRequest> request;
};

TEST_F(StarttlsRequestTest, WaitsForRoomByteByByteAndThenForTheAnswer) {
  ask("PROXY\r\n");
  const std::string all = "PROXY\r\n" + std::string(kPostgresSslRequest);
  for (std::size_t i = 0; i < all.size(); ++i) {
    pipe.take_at_most(0);
    EXPECT_EQ(advance(), Outcome::Pending);
    EXPECT_EQ(request->wants(), event::kWritable);
    pipe.take_at_most(1);
    EXPECT_EQ(advance(), Outcome::Pending);
  }
  EXPECT_EQ(pipe.received, all);
  EXPECT_EQ(request->wants(), event::kReadable);
  pipe.send("S");
  EXPECT_EQ(advance(), Outcome::Accepted);
}

TEST_F(StarttlsRequestTest, TellsWhatCameInstead) {
  const auto why = [&](std::string_view answer) {
    ask();
    pipe.send(answer);
    EXPECT_EQ(advance(), Outcome::Refused);
    return request->why();
  };
  EXPECT_EQ(why("N"), "it has no TLS");
  EXPECT_EQ(why("E"), "its answer is not that of Postgres");
  EXPECT_EQ(why("SS"), "its answer is not that of Postgres");
  pipe.send_fin();
  EXPECT_EQ(why(""), "it closed the connection");
}

TEST_F(StarttlsRequestTest, IsRefusedByABrokenConnection) {
  ask();
  pipe.refuse_writes();
  EXPECT_EQ(advance(), Outcome::Refused);
  EXPECT_EQ(request->why(), "it closed the connection");
}

}  // namespace
}  // namespace weir::upstream
