#include "core/net/connection.h"

#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "core/net/descriptor.h"
#include "core/net/socket_transport.h"
#include "tests/support/unit/pipe.h"

namespace weir::net {
namespace {

using test::in_turn;
using test::Pipe;

// Keeps what came in, and does in a callback what a test says.
struct Keeper final : Connection::Owner {
  void on_input() override {
    ++inputs;
    if (input_hook) {
      input_hook();
    } else {
      seen += connection->input().to_string();
      connection->input().clear();
    }
  }
  void on_input_end() override {
    ++ends;
    if (end_hook) end_hook();
  }
  void on_output_drained() override {
    ++drained;
    if (drained_hook) drained_hook();
  }
  void on_closed(CloseReason why) override {
    EXPECT_FALSE(in_call);
    ++closed;
    reason = why;
    if (closed_hook) closed_hook();
  }

  Connection* connection = nullptr;
  std::function<void()> input_hook;
  std::function<void()> end_hook;
  std::function<void()> drained_hook;
  std::function<void()> closed_hook;
  std::string seen;
  int inputs = 0;
  int ends = 0;
  int drained = 0;
  int closed = 0;
  bool in_call = false;
  CloseReason reason = CloseReason::Local;
};

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    connection = std::make_unique<Connection>(loop, blocks, pipe.make_transport(), keeper);
    keeper.connection = connection.get();
    in_turn(loop, [&] { connection->start(); });
  }
  void write(std::string_view bytes) { connection->output().append_copy(blocks, bytes); }
  void pass_time(std::uint64_t ms) {
    in_turn(loop, [&] { loop.timers().advance(loop.now() + ms); });
  }

  event::Loop loop;
  BlockPool blocks;
  Pipe pipe{loop};
  Keeper keeper;
  std::unique_ptr<Connection> connection;
};

TEST_F(ConnectionTest, ReadsWhatThePeerSends) {
  pipe.send("hello");
  pipe.run();
  EXPECT_EQ(keeper.seen, "hello");
  EXPECT_EQ(connection->bytes_in(), 5u);
}

TEST_F(ConnectionTest, WritesTheOutputOfATurnOnce) {
  in_turn(loop, [&] {
    write("one ");
    write("two ");
    connection->output().append(Slice::of_static("three"));
    EXPECT_EQ(pipe.received, "");
  });
  EXPECT_EQ(pipe.received, "one two three");
  EXPECT_EQ(pipe.writes, 1u);
  EXPECT_EQ(connection->bytes_out(), 13u);
}

TEST_F(ConnectionTest, GoesOnAfterAPartialWriteWhenThereIsRoom) {
  pipe.take_at_most(4);
  in_turn(loop, [&] { write("0123456789"); });
  EXPECT_EQ(pipe.received, "0123");
  // A short write says that the socket is full: nobody asks again before it is writable.
  EXPECT_EQ(pipe.writes, 1u);
  EXPECT_TRUE(pipe.wanted() & event::kWritable);
  pipe.run();
  EXPECT_EQ(pipe.writes, 1u);
  pipe.take_all();
  pipe.run();
  EXPECT_EQ(pipe.received, "0123456789");
  EXPECT_FALSE(pipe.wanted() & event::kWritable);
}

TEST_F(ConnectionTest, KeepsTheOrderUnderTinyWrites) {
  pipe.write_limit = 1;
  in_turn(loop, [&] { write("abcdef"); });
  in_turn(loop, [&] { write("ghi"); });
  pipe.run();
  EXPECT_EQ(pipe.received, "abcdefghi");
}

TEST_F(ConnectionTest, BearsAWakeUpWithNothingToRead) {
  pipe.report(event::kReadable);
  EXPECT_EQ(keeper.inputs, 0);
  EXPECT_EQ(blocks.bytes_in_use(), 0u);
}

TEST(ConnectionWithoutMemory, ReadsNothingUntilThereIsSomeAgain) {
  constexpr std::size_t kWhole = BlockPool::kBlockSize + sizeof(Block);
  event::Loop loop;
  MemoryBudget budget;
  budget.set_limit(32 * kWhole);
  MemoryAccount account(&budget);
  BlockPool blocks(&account);
  Pipe pipe{loop};
  Keeper keeper;
  Connection connection(loop, blocks, pipe.make_transport(), keeper);
  keeper.connection = &connection;
  std::vector<BlockRef> others;
  while (blocks.may_get(1)) others.push_back(blocks.get());
  in_turn(loop, [&] { connection.start(); });
  pipe.send("hello");
  pipe.run();
  EXPECT_EQ(pipe.reads, 0u);
  EXPECT_EQ(connection.pause_reasons(), kPausedByMemory);
  EXPECT_FALSE(connection.closed());

  in_turn(loop, [&] { blocks.wake_waiting(); });
  EXPECT_EQ(connection.pause_reasons(), kPausedByMemory);
  others.clear();
  in_turn(loop, [&] { blocks.wake_waiting(); });
  EXPECT_EQ(connection.pause_reasons(), 0);
  pipe.run();
  EXPECT_EQ(keeper.seen, "hello");
}

TEST(ConnectionWithoutMemory, LeavesTheQueueWhenItCloses) {
  event::Loop loop;
  MemoryBudget budget;
  budget.set_limit(1);
  MemoryAccount account(&budget);
  BlockPool blocks(&account);
  Pipe pipe{loop};
  Keeper keeper;
  Connection connection(loop, blocks, pipe.make_transport(), keeper);
  keeper.connection = &connection;
  in_turn(loop, [&] { connection.start(); });
  pipe.send("hello");
  pipe.run();
  ASSERT_EQ(connection.pause_reasons(), kPausedByMemory);
  in_turn(loop, [&] { connection.close(); });
  EXPECT_EQ(keeper.closed, 1);
  budget.set_limit(MemoryBudget::kNoLimit);
  in_turn(loop, [&] { blocks.wake_waiting(); });
  EXPECT_EQ(keeper.seen, "");
}

TEST_F(ConnectionTest, TellsOnceThatTheOutputIsDrained) {
  pipe.take_at_most(0);
  in_turn(loop, [&] {
    write(std::string(Connection::kHighOutput, 'x'));
    EXPECT_TRUE(connection->output_full());
  });
  EXPECT_EQ(keeper.drained, 0);
  pipe.take_at_most(Connection::kHighOutput - Connection::kLowOutput - 1);
  pipe.run();
  EXPECT_EQ(keeper.drained, 0);
  pipe.take_at_most(1);
  pipe.run();
  EXPECT_EQ(keeper.drained, 1);
  pipe.take_all();
  pipe.run();
  EXPECT_EQ(keeper.drained, 1);
}

TEST_F(ConnectionTest, TellsNobodyOfDrainingWhoNeverAsked) {
  in_turn(loop, [&] { write(std::string(Connection::kHighOutput * 2, 'x')); });
  pipe.run();
  EXPECT_EQ(keeper.drained, 0);
}

TEST_F(ConnectionTest, MayBeFilledAgainWhenItIsDrained) {
  keeper.drained_hook = [&] { write("more"); };
  in_turn(loop, [&] {
    write(std::string(Connection::kHighOutput, 'x'));
    EXPECT_TRUE(connection->output_full());
  });
  EXPECT_TRUE(pipe.received.ends_with("xmore"));
}

TEST_F(ConnectionTest, ReadsNothingWhileItIsPaused) {
  in_turn(loop, [&] { connection->pause(kPausedByFilter); });
  pipe.send("waits");
  pipe.run();
  EXPECT_EQ(pipe.reads, 0u);
  in_turn(loop, [&] { connection->pause(kPausedByOutput); });
  in_turn(loop, [&] { connection->resume(kPausedByFilter); });
  pipe.run();
  EXPECT_EQ(pipe.reads, 0u);
  EXPECT_EQ(connection->pause_reasons(), kPausedByOutput);
  in_turn(loop, [&] { connection->resume(kPausedByOutput); });
  pipe.run();
  EXPECT_EQ(keeper.seen, "waits");
}

TEST_F(ConnectionTest, AnnouncesWaitingInputOnResume) {
  keeper.input_hook = [&] { connection->pause(kPausedByStream); };
  pipe.send("left");
  pipe.run();
  EXPECT_EQ(keeper.inputs, 1);
  keeper.input_hook = nullptr;
  in_turn(loop, [&] {
    connection->resume(kPausedByStream);
    EXPECT_EQ(keeper.inputs, 1);
  });
  EXPECT_EQ(keeper.inputs, 2);
  EXPECT_EQ(keeper.seen, "left");
}

TEST_F(ConnectionTest, AnnouncesWaitingInputBeforeAnEndThatComesInTheSameTurn) {
  keeper.input_hook = [&] { connection->pause(kPausedByStream); };
  pipe.send("left");
  pipe.run();
  keeper.input_hook = nullptr;
  keeper.end_hook = [&] { EXPECT_EQ(keeper.seen, "left"); };
  pipe.send_fin();
  in_turn(loop, [&] {
    connection->resume(kPausedByStream);
    pipe.report(event::kHangup);
  });
  pipe.run();
  EXPECT_EQ(keeper.seen, "left");
  EXPECT_EQ(keeper.ends, 1);
}

TEST_F(ConnectionTest, AnnouncesWhatItsOwnerKeptWhenItGoesOn) {
  in_turn(loop, [&] {
    connection->pause(kPausedByStream);
    connection->set_input_kept(true);
  });
  EXPECT_EQ(keeper.inputs, 0);
  in_turn(loop, [&] { connection->resume(kPausedByStream); });
  EXPECT_EQ(keeper.inputs, 1);
  connection->set_input_kept(false);
  in_turn(loop, [&] { connection->pause(kPausedByStream); });
  in_turn(loop, [&] { connection->resume(kPausedByStream); });
  EXPECT_EQ(keeper.inputs, 1);
}

TEST_F(ConnectionTest, AnnouncesNothingThatIsNotThere) {
  in_turn(loop, [&] { connection->pause(kPausedByStream); });
  in_turn(loop, [&] { connection->resume(kPausedByStream); });
  in_turn(loop, [&] { connection->announce_input(); });
  EXPECT_EQ(keeper.inputs, 0);
}

TEST_F(ConnectionTest, TellsThePeersHalfCloseOnceAndBehindItsInput) {
  pipe.send("last");
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(keeper.seen, "last");
  EXPECT_EQ(keeper.ends, 1);
  pipe.run();
  EXPECT_EQ(keeper.ends, 1);
  // The other direction is open.
  in_turn(loop, [&] { write("answer"); });
  EXPECT_EQ(pipe.received, "answer");
  EXPECT_EQ(keeper.closed, 0);
}

TEST_F(ConnectionTest, HalfClosesBehindItsOutput) {
  pipe.take_at_most(2);
  in_turn(loop, [&] {
    write("last");
    connection->shutdown_write();
  });
  EXPECT_FALSE(pipe.got_fin);
  pipe.take_all();
  pipe.run();
  EXPECT_TRUE(pipe.got_fin);
  pipe.send("still");
  pipe.run();
  EXPECT_EQ(keeper.seen, "still");
}

TEST_F(ConnectionTest, SeesAHalfCloseThatCameWhileItWasPaused) {
  in_turn(loop, [&] { connection->pause(kPausedByStream); });
  pipe.send("bytes");
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(keeper.ends, 0);
  // Told once: a hangup that stays must not spin the loop.
  EXPECT_FALSE(pipe.turn());
  in_turn(loop, [&] { connection->resume(kPausedByStream); });
  pipe.run();
  EXPECT_EQ(keeper.seen, "bytes");
  EXPECT_EQ(keeper.ends, 1);
}

TEST_F(ConnectionTest, SeesAResetWhileItIsPaused) {
  in_turn(loop, [&] { connection->pause(kPausedByFilter); });
  pipe.send_reset();
  pipe.run();
  EXPECT_EQ(keeper.closed, 1);
  EXPECT_EQ(keeper.reason, CloseReason::Reset);
}

TEST_F(ConnectionTest, SeesAResetAfterAHangupAndAfterAHalfClose) {
  in_turn(loop, [&] { connection->pause(kPausedByFilter); });
  pipe.send_fin();
  pipe.run();
  in_turn(loop, [&] { connection->resume(kPausedByFilter); });
  pipe.run();
  EXPECT_EQ(keeper.ends, 1);
  pipe.send_reset();
  pipe.run();
  EXPECT_EQ(keeper.closed, 1);
  EXPECT_EQ(keeper.reason, CloseReason::Reset);
}

TEST_F(ConnectionTest, ReportsItsCloseOnceAndNotInTheCallersFrame) {
  in_turn(loop, [&] {
    keeper.in_call = true;
    connection->close();
    connection->close();
    connection->reset();
    connection->close_when_flushed();
    EXPECT_TRUE(connection->closed());
    EXPECT_TRUE(pipe.closed);
    keeper.in_call = false;
  });
  EXPECT_EQ(keeper.closed, 1);
  EXPECT_EQ(keeper.reason, CloseReason::Local);
  in_turn(loop, [&] {
    connection->close();
    connection->pause(kPausedByFilter);
    connection->resume(kPausedByFilter);
    connection->shutdown_write();
  });
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, MayBeClosedInEachCallback) {
  keeper.input_hook = [&] { connection->close(); };
  pipe.send("x");
  pipe.run();
  EXPECT_EQ(keeper.closed, 1);
  EXPECT_EQ(blocks.bytes_in_use(), 0u);
}

TEST_F(ConnectionTest, MayBeClosedWhenItsInputEnds) {
  keeper.end_hook = [&] { connection->close(); };
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, MayBeClosedWhenItIsDrained) {
  keeper.drained_hook = [&] { connection->close(); };
  in_turn(loop, [&] {
    write(std::string(Connection::kHighOutput, 'x'));
    EXPECT_TRUE(connection->output_full());
  });
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, MayBeRetiredInItsLastCallback) {
  struct Holder final : event::Deferred {
    std::unique_ptr<Connection> connection;
  };
  keeper.closed_hook = [&] {
    auto holder = std::make_unique<Holder>();
    holder->connection = std::move(connection);
    loop.retire(std::move(holder));
  };
  keeper.input_hook = [&] {
    write("never written");
    connection->close();
  };
  pipe.send("x");
  pipe.run();
  EXPECT_EQ(keeper.closed, 1);
  EXPECT_EQ(connection, nullptr);
  EXPECT_EQ(pipe.received, "");
  EXPECT_EQ(blocks.bytes_in_use(), 0u);
}

TEST_F(ConnectionTest, LingersAndDiscardsAfterItsLastOutput) {
  in_turn(loop, [&] {
    write("the answer");
    connection->close_when_flushed();
    connection->close_when_flushed();
  });
  EXPECT_EQ(pipe.received, "the answer");
  EXPECT_TRUE(pipe.got_fin);
  EXPECT_EQ(keeper.closed, 0);
  pipe.send(std::string(1'000'000, 'x'));
  pipe.run();
  EXPECT_EQ(pipe.unread(), 0u);
  EXPECT_EQ(keeper.inputs, 0);
  EXPECT_EQ(blocks.bytes_in_use(), 0u);
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(keeper.closed, 1);
  EXPECT_EQ(keeper.reason, CloseReason::Local);
  EXPECT_FALSE(pipe.got_reset);
}

TEST_F(ConnectionTest, LingersForALimitedTime) {
  in_turn(loop, [&] { connection->close_when_flushed(); });
  pass_time(Connection::kLingerMs - 1);
  EXPECT_EQ(keeper.closed, 0);
  pass_time(Connection::kLingerMs + 1);
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, GivesASlowPeerTimeToTakeTheLastOutput) {
  pipe.take_at_most(10);
  in_turn(loop, [&] {
    write(std::string(1'000, 'x'));
    connection->close_when_flushed();
  });
  pass_time(Connection::kLingerMs * 2);
  EXPECT_EQ(keeper.closed, 0);
  pipe.take_all();
  pipe.run();
  EXPECT_EQ(pipe.received.size(), 1'000u);
  EXPECT_TRUE(pipe.got_fin);
}

TEST_F(ConnectionTest, ReadsOnWhileItsLastOutputWaits) {
  pipe.take_at_most(0);
  in_turn(loop, [&] {
    write("last");
    connection->close_when_flushed();
  });
  pipe.send("dropped");
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(keeper.closed, 0);
  pipe.take_all();
  pipe.run();
  EXPECT_EQ(pipe.received, "last");
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, ClosesAtOnceWhenBothSidesHaveEnded) {
  in_turn(loop, [&] { connection->shutdown_write(); });
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(keeper.closed, 0);
  in_turn(loop, [&] { connection->close_when_flushed(); });
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, WaitsForNobodyWhenItClosesAsWritten) {
  pipe.take_at_most(2);
  in_turn(loop, [&] {
    write("last");
    connection->close_when_written();
  });
  EXPECT_EQ(keeper.closed, 0);
  pipe.take_all();
  pipe.run();
  EXPECT_EQ(pipe.received, "last");
  EXPECT_EQ(keeper.closed, 1);
  EXPECT_FALSE(pipe.got_reset);
}

TEST_F(ConnectionTest, AnnouncesItsEndWithTheLastOutputAndNotBefore) {
  in_turn(loop, [&] { write("first"); });
  EXPECT_FALSE(pipe.end_announced);
  pipe.take_at_most(3);
  in_turn(loop, [&] { write("last"); });
  EXPECT_FALSE(pipe.end_announced);
  in_turn(loop, [&] { connection->close_when_written(); });
  pipe.take_all();
  pipe.run();
  EXPECT_TRUE(pipe.end_announced);
  EXPECT_FALSE(pipe.got_fin);
  EXPECT_EQ(pipe.received, "firstlast");
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, SaysItsEndAlsoWhenNothingIsLeftToWrite) {
  in_turn(loop, [&] { write("all of it"); });
  EXPECT_FALSE(pipe.end_announced);
  in_turn(loop, [&] { connection->close_when_written(); });
  EXPECT_TRUE(pipe.got_fin);
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, ResetsSoThatNothingLooksComplete) {
  in_turn(loop, [&] {
    write("part");
    connection->reset();
  });
  EXPECT_TRUE(pipe.got_reset);
  EXPECT_EQ(pipe.received, "");
  EXPECT_EQ(keeper.closed, 1);
}

TEST_F(ConnectionTest, HoldsNoBlockWhenItIsIdle) {
  for (int i = 0; i < 3; ++i) {
    pipe.send(std::string(50'000, 'x'));
    pipe.run();
    in_turn(loop, [&] { write("answer"); });
    EXPECT_EQ(blocks.bytes_in_use(), 0u);
  }
}

TEST_F(ConnectionTest, EndsWithAResetWhenNeitherDirectionIsLeft) {
  pipe.send_reset();
  in_turn(loop, [&] { write("x"); });
  pipe.run();
  EXPECT_EQ(keeper.closed, 1);
  EXPECT_EQ(keeper.reason, CloseReason::Reset);
}

TEST_F(ConnectionTest, ReadsWhatAPeerLeftThatTakesNoMore) {
  pipe.send("an early answer");
  pipe.refuse_writes();
  in_turn(loop, [&] { write("the rest of a request"); });
  EXPECT_EQ(keeper.closed, 0);
  EXPECT_EQ(connection->output_size(), 0u);
  pipe.run();
  EXPECT_EQ(keeper.seen, "an early answer");
  in_turn(loop, [&] { write("still more"); });
  EXPECT_EQ(pipe.writes, 1u);
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(keeper.ends, 1);
}

TEST_F(ConnectionTest, DoesNotLingerForAPeerThatTakesNoMore) {
  pipe.refuse_writes();
  in_turn(loop, [&] { write("x"); });
  EXPECT_EQ(keeper.closed, 0);
  in_turn(loop, [&] { connection->close_when_flushed(); });
  EXPECT_EQ(keeper.closed, 1);
}

// The same over real sockets, where the system has its say.
struct Sockets {
  Sockets() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    near = Descriptor(ends[0]);
    far = Descriptor(ends[1]);
  }
  Descriptor near;
  Descriptor far;
};

// One of several connections that are ready in the same turn.
struct Ready {
  explicit Ready(event::Loop& loop, BlockPool& blocks)
      : pipe(loop), connection(loop, blocks, pipe.make_transport(), keeper) {
    keeper.connection = &connection;
    in_turn(loop, [&] { connection.start(); });
  }

  Pipe pipe;
  Keeper keeper;
  Connection connection;
};

class ReadyTogether : public testing::Test {
 protected:
  // Both learn in one turn that there is something to read.
  void run() {
    in_turn(loop, [&] {
      first.pipe.tell(event::kReadable);
      second.pipe.tell(event::kReadable);
    });
  }

  event::Loop loop;
  BlockPool blocks;
  Ready first{loop, blocks};
  Ready second{loop, blocks};
};

TEST_F(ReadyTogether, AllReadBeforeAnyIsTold) {
  first.pipe.send("one");
  second.pipe.send("two");
  first.keeper.input_hook = [&] { EXPECT_EQ(second.connection.input().to_string(), "two"); };
  run();
  EXPECT_EQ(first.keeper.inputs, 1);
  EXPECT_EQ(second.keeper.seen, "two");
}

TEST_F(ReadyTogether, OneWithInputThatNobodyWasToldOfIsNotQuiet) {
  first.pipe.send("one");
  second.pipe.send("two");
  first.keeper.input_hook = [&] {
    EXPECT_FALSE(second.connection.quiet());
    EXPECT_FALSE(second.connection.seems_quiet());
  };
  run();
  EXPECT_EQ(first.keeper.inputs, 1);
  EXPECT_TRUE(second.connection.seems_quiet());
}

TEST_F(ReadyTogether, OneThatAnotherClosesIsToldOfNoInput) {
  first.pipe.send("one");
  second.pipe.send("two");
  first.keeper.input_hook = [&] { second.connection.close(); };
  run();
  EXPECT_EQ(second.keeper.inputs, 0);
  EXPECT_EQ(second.keeper.closed, 1);
}

TEST_F(ReadyTogether, OneThatAnotherPausesIsToldWhenItGoesOn) {
  first.pipe.send("one");
  second.pipe.send("two");
  first.keeper.input_hook = [&] { second.connection.pause(kPausedByFilter); };
  run();
  EXPECT_EQ(second.keeper.inputs, 0);
  in_turn(loop, [&] { second.connection.resume(kPausedByFilter); });
  EXPECT_EQ(second.keeper.seen, "two");
}

TEST(SocketTransport, CarriesALargeAnswerToAPeerThatReadsSlowly) {
  event::Loop loop;
  BlockPool blocks;
  Sockets sockets;
  Keeper keeper;
  auto connection = std::make_unique<Connection>(
      loop, blocks, std::make_unique<SocketTransport>(loop, std::move(sockets.near)), keeper);
  keeper.connection = connection.get();
  std::string bytes(3'000'000, ' ');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>('a' + i % 26);
  in_turn(loop, [&] {
    connection->start();
    connection->output().append_copy(blocks, bytes);
    connection->close_when_flushed();
  });
  std::string received;
  std::array<char, 10'000> space;
  bool end = false;
  for (int rounds = 0; rounds < 100'000 && !end; ++rounds) {
    loop.run_once();
    const ssize_t got = read(sockets.far.get(), space.data(), space.size());
    if (got > 0) received.append(space.data(), static_cast<std::size_t>(got));
    end = got == 0;
  }
  EXPECT_EQ(received, bytes);
  sockets.far = Descriptor();
  for (int rounds = 0; rounds < 1'000 && keeper.closed == 0; ++rounds) loop.run_once(true);
  EXPECT_EQ(keeper.closed, 1);
  connection.reset();
}

TEST(SocketTransport, ReadsAndSeesTheEnd) {
  event::Loop loop;
  BlockPool blocks;
  Sockets sockets;
  Keeper keeper;
  auto connection = std::make_unique<Connection>(
      loop, blocks, std::make_unique<SocketTransport>(loop, std::move(sockets.near)), keeper);
  keeper.connection = connection.get();
  in_turn(loop, [&] { connection->start(); });
  ASSERT_EQ(write(sockets.far.get(), "hello", 5), 5);
  sockets.far = Descriptor();
  for (int rounds = 0; rounds < 1'000 && keeper.ends == 0; ++rounds) loop.run_once(true);
  EXPECT_EQ(keeper.seen, "hello");
  EXPECT_EQ(keeper.ends, 1);
  in_turn(loop, [&] { connection->close(); });
  EXPECT_EQ(keeper.closed, 1);
  connection.reset();
}

}  // namespace
}  // namespace weir::net
