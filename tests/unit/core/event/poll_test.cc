#include "core/event/poll.h"

#include <functional>

#include "tests/unit/core/event/pair.h"

namespace weir::event {
namespace {

class PollTest : public testing::Test, protected Poll::Owner {
 protected:
  PollTest() : poll(new Poll(loop, pair.ends[0], *this)) {}

  void on_events(unsigned events) override {
    last = events;
    ++calls;
    if (hook) hook();
  }
  // Rounds enough for whatever is on its way.
  void run_rounds() {
    for (int i = 0; i < 4; ++i) loop.run_once();
  }
  void read_all() {
    char bytes[16];
    while (read(pair.ends[0], bytes, sizeof bytes) > 0) {
    }
    poll->used_up(kReadable);
  }

  Loop loop;
  Pair pair;
  std::unique_ptr<Poll> poll;
  std::function<void()> hook;
  unsigned last = 0;
  int calls = 0;
};

TEST_F(PollTest, IsCalledOnceARoundUntilWhatIsReadyIsUsedUp) {
  poll->want(kReadable);
  pair.send_near('x');
  hook = [this] {
    if (calls == 3) read_all();
  };
  run_rounds();
  run_rounds();
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(last, kReadable);
}

TEST_F(PollTest, DoesNotLetTheLoopWaitWhileSomethingIsReady) {
  poll->want(kReadable);
  pair.send_near('x');
  hook = [this] {
    if (calls >= 2) loop.stop();
  };
  loop.run();  // would not return if a round slept on what it has told already
  EXPECT_GE(calls, 2);
}

TEST_F(PollTest, IsCalledAgainWhenMoreComesAfterThat) {
  poll->want(kReadable);
  hook = [this] { read_all(); };
  pair.send_near('x');
  run_rounds();
  EXPECT_EQ(calls, 1);
  pair.send_near('y');
  run_rounds();
  EXPECT_EQ(calls, 2);
}

TEST_F(PollTest, RemembersWhatBecameReadyWhileItWasNotWanted) {
  poll->want(kReadable);
  poll->want(0);
  pair.send_near('x');
  run_rounds();
  EXPECT_EQ(calls, 0);
  hook = [this] { read_all(); };
  poll->want(kReadable);
  run_rounds();
  EXPECT_EQ(calls, 1);
}

TEST_F(PollTest, AsksTheSystemForAnOwnerThatCannotTell) {
  poll->want(kReadable);
  pair.send_near('x');
  hook = [this] {
    char byte;
    if (calls == 3) {
      EXPECT_EQ(read(pair.ends[0], &byte, 1), 1);
    }
    poll->ask_again();
  };
  run_rounds();
  run_rounds();
  EXPECT_EQ(calls, 3);
}

TEST_F(PollTest, ReportsAHangupWhileReadingIsPaused) {
  poll->want(kHangup);
  pair.close_far();
  run_rounds();
  EXPECT_TRUE(last & kHangup);
}

TEST_F(PollTest, HasTheEndOfInputToReadAfterAHangup) {
  poll->want(kReadable);
  pair.send_near('x');
  pair.close_far();
  hook = [this] {
    char bytes[16];
    if (read(pair.ends[0], bytes, sizeof bytes) == 0) {
      poll->want(0);
    } else {
      poll->used_up(kReadable);
    }
  };
  run_rounds();
  EXPECT_EQ(calls, 2);
}

TEST_F(PollTest, StopsWatchingAtAnErrorUntilItIsWantedAgain) {
  // A peer that closes with unread input resets.
  char byte = 'x';
  ASSERT_EQ(write(pair.ends[0], &byte, 1), 1);
  poll->want(kWritable);
  pair.close_far();
  run_rounds();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(last, unsigned{kWritable} | kError);
  EXPECT_EQ(poll->wanted(), 0u);
  poll->want(kReadable);
  run_rounds();
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(last, unsigned{kReadable} | kError);
}

TEST_F(PollTest, MayBeDestroyedInsideItsOwnCallback) {
  hook = [this] { poll.reset(); };
  poll->want(kReadable | kWritable);
  run_rounds();
  EXPECT_EQ(calls, 1);
}

TEST_F(PollTest, MayBeDestroyedBetweenBecomingReadyAndBeingCalled) {
  Pair other;
  struct Other final : Poll::Owner {
    void on_events(unsigned) override { killed_poll.reset(); }
    explicit Other(std::unique_ptr<Poll>& victim) : killed_poll(victim) {}
    std::unique_ptr<Poll>& killed_poll;
  } killer{poll};
  Poll killing(loop, other.ends[0], killer);
  killing.want(kReadable);
  other.send_near('x');
  poll->want(kReadable);
  pair.send_near('x');
  run_rounds();
  EXPECT_LE(calls, 1);
  EXPECT_EQ(poll, nullptr);
}

TEST_F(PollTest, IsNotMissedByEventsOfADescriptorWhoseCopyLivesOn) {
  poll->want(kReadable);
  const int copy = dup(pair.ends[0]);
  pair.close_near();
  poll->closed();
  poll.reset();
  pair.send_near('x');
  run_rounds();
  EXPECT_EQ(calls, 0);
  close(copy);
}

}  // namespace
}  // namespace weir::event
