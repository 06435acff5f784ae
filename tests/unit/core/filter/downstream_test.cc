#include "core/filter/downstream.h"

#include <gtest/gtest.h>

#include "tests/support/unit/pipe.h"
#include "tests/support/unit/planned_filter.h"

namespace weir::filter {
namespace {

using test::in_turn;
using test::Pipe;
using test::Plan;
using test::PlannedFactory;

// Sends everything back.
class Echo final : public NetworkTerminal {
 public:
  explicit Echo(Downstream& downstream) : downstream_(downstream) {}
  void on_open() override {}
  void on_data(Buffer& data) override {
    downstream_.output().append(data);
    downstream_.output_ready();
  }
  void on_data_end() override { downstream_.end_output(); }
  void on_output_drained() override {}
  void on_drain(filter::Drain) override { downstream_.connection().close_when_written(); }
  void on_close(net::CloseReason) override {}

 private:
  Downstream& downstream_;
};

// Sends one line back and pauses, like a protocol whose next request waits for its turn.
class LineEcho final : public NetworkTerminal {
 public:
  explicit LineEcho(Downstream& downstream) : downstream_(downstream) {}
  void on_open() override {}
  void on_data(Buffer& data) override {
    const std::size_t line = data.to_string().find('\n') + 1;
    if (line == 0) return;
    data.move_front(line, downstream_.output());
    downstream_.output_ready();
    downstream_.connection().pause(net::kPausedByStream);
  }
  void on_data_end() override { downstream_.end_output(); }
  void on_output_drained() override {}
  void on_drain(filter::Drain) override {}
  void on_close(net::CloseReason) override {}

 private:
  Downstream& downstream_;
};

template <typename Terminal>
class FactoryOf final : public NetworkTerminalFactory {
 public:
  std::unique_ptr<NetworkTerminal> create(Downstream& downstream) const override {
    return std::make_unique<Terminal>(downstream);
  }
};

class DownstreamTest : public testing::Test, protected Downstream::Owner {
 protected:
  DownstreamTest() {
    chain.terminal = std::make_unique<FactoryOf<Echo>>();
    host.chain = &chain;
  }
  ~DownstreamTest() override {
    if (downstream != nullptr) in_turn(reactor.loop(), [&] { downstream->close(); });
    EXPECT_EQ(closed, 1);
    EXPECT_EQ(reactor.blocks().bytes_in_use(), 0u);
  }
  Plan& add() {
    plans.push_back(std::make_unique<Plan>());
    chain.network_filters.push_back({"planned", std::make_unique<PlannedFactory>(*plans.back())});
    return *plans.back();
  }
  void open() {
    ConnectionInfo info;
    info.peer = info.client = *net::Address::parse_ip("192.0.2.7", 4711);
    downstream = std::make_unique<Downstream>(reactor, pipe.make_transport(), std::move(info),
                                              static_cast<Downstream::Owner&>(*this));
    in_turn(reactor.loop(), [&] { downstream->open({}, {}, 1'000); });
  }
  void say(std::string_view bytes) {
    pipe.send(bytes);
    pipe.run();
  }
  void resume(net::PauseReason reason) {
    in_turn(reactor.loop(), [&] { downstream->connection().resume(reason); });
    pipe.run();
  }
  void send_out(std::string_view bytes) {
    downstream->output().append_copy(reactor.blocks(), bytes);
    downstream->output_ready();
  }

  ChainHost* choose_chain(const ConnectionInfo&) override { return refuse ? nullptr : &host; }
  void on_downstream_closed(Downstream&) override {
    ++closed;
    reactor.loop().retire(std::move(downstream));
  }

  event::Reactor reactor{0};
  Pipe pipe{reactor.loop()};
  std::vector<std::unique_ptr<Plan>> plans;
  Chain chain;
  ChainHost host;
  bool refuse = false;
  int closed = 0;
  std::unique_ptr<Downstream> downstream;
};

TEST_F(DownstreamTest, PassesBytesWithoutFilters) {
  open();
  say("hello");
  EXPECT_EQ(pipe.received, "hello");
  pipe.send_fin();
  pipe.run();
  EXPECT_TRUE(pipe.got_fin);
}

TEST_F(DownstreamTest, ClosesAConnectionThatNoChainTakes) {
  refuse = true;
  open();
  EXPECT_EQ(closed, 1);
}

TEST_F(DownstreamTest, RunsItsFiltersThereInOrderAndBackInReverse) {
  for (const char* mark : {"1", "2"}) {
    Plan& plan = add();
    plan.down = plan.up = [this, mark](Downstream&, Buffer& data, bool) {
      if (!data.empty()) data.append_copy(reactor.blocks(), mark);
      return Verdict::Continue;
    };
  }
  open();
  say("x");
  EXPECT_EQ(pipe.received, "x1221");
}

TEST_F(DownstreamTest, HoldsBytesUntilTheyAreResumed) {
  bool hold = true;
  add().down = [&](Downstream&, Buffer&, bool) {
    return hold ? Verdict::Pause : Verdict::Continue;
  };
  open();
  say("one ");
  say("two");
  EXPECT_EQ(pipe.received, "");
  EXPECT_EQ(pipe.unread(), 3u);
  hold = false;
  in_turn(reactor.loop(), [&] { downstream->resume_filters(); });
  pipe.run();
  EXPECT_EQ(pipe.received, "one two");
}

TEST_F(DownstreamTest, GoesOnAtOnceWhenItIsResumedInsideTheHook) {
  add().down = [](Downstream& connection, Buffer&, bool) {
    connection.resume_filters();
    return Verdict::Pause;
  };
  open();
  say("one ");
  say("two");
  EXPECT_EQ(pipe.received, "one two");
}

TEST_F(DownstreamTest, ClosesWhenAFilterFinishes) {
  add().down = [](Downstream&, Buffer&, bool) { return Verdict::Finish; };
  open();
  say("x");
  EXPECT_TRUE(pipe.got_fin);
  EXPECT_EQ(pipe.received, "");
}

TEST_F(DownstreamTest, ShowsWhatTheTerminalLeftAgainWhenItGoesOn) {
  chain.terminal = std::make_unique<FactoryOf<LineEcho>>();
  add();
  open();
  say("1\n2\n3\n");
  EXPECT_EQ(pipe.received, "1\n");
  resume(net::kPausedByStream);
  EXPECT_EQ(pipe.received, "1\n2\n");
  resume(net::kPausedByStream);
  EXPECT_EQ(pipe.received, "1\n2\n3\n");
}

TEST_F(DownstreamTest, ShowsItsFiltersNothingTwice) {
  chain.terminal = std::make_unique<FactoryOf<LineEcho>>();
  std::string shown;
  int ends = 0;
  add().down = [&](Downstream&, Buffer& data, bool end) {
    shown += data.to_string() + "|";
    if (end) ++ends;
    return Verdict::Continue;
  };
  open();
  say("1\n2\n");
  pipe.send_fin();
  for (int i = 0; i < 4; ++i) resume(net::kPausedByStream);
  EXPECT_EQ(shown, "1\n2\n||");
  EXPECT_EQ(ends, 1);
  EXPECT_TRUE(pipe.got_fin);
}

TEST_F(DownstreamTest, TellsTheEndBehindWhatTheTerminalLeft) {
  chain.terminal = std::make_unique<FactoryOf<LineEcho>>();
  Buffer kept;
  add().down = [&](Downstream&, Buffer& data, bool end) {
    kept.append(data);
    if (end) data.append(kept);
    return Verdict::Continue;
  };
  open();
  say("1\n2\n");
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(pipe.received, "1\n");
  EXPECT_FALSE(pipe.got_fin);
  resume(net::kPausedByStream);
  EXPECT_EQ(pipe.received, "1\n2\n");
  EXPECT_FALSE(pipe.got_fin);
  resume(net::kPausedByStream);
  EXPECT_TRUE(pipe.got_fin);
}

TEST_F(DownstreamTest, TellsTheEndThatAFilterHeldTogetherWithBytes) {
  add().down = [](Downstream&, Buffer&, bool end) {
    return end ? Verdict::Pause : Verdict::Continue;
  };
  open();
  say("x");
  pipe.send_fin();
  pipe.run();
  EXPECT_FALSE(pipe.got_fin);
  in_turn(reactor.loop(), [&] { downstream->resume_filters(); });
  EXPECT_EQ(pipe.received, "x");
  EXPECT_TRUE(pipe.got_fin);
}

TEST_F(DownstreamTest, ShowsATerminalThatIsPausedNothing) {
  bool hold = true;
  add().down = [&](Downstream&, Buffer&, bool) {
    return hold ? Verdict::Pause : Verdict::Continue;
  };
  open();
  say("x");
  in_turn(reactor.loop(), [&] {
    downstream->connection().pause(net::kPausedByOutput);
    downstream->resume_filters();
  });
  EXPECT_EQ(pipe.received, "");
  resume(net::kPausedByOutput);
  EXPECT_EQ(pipe.received, "x");
}

TEST_F(DownstreamTest, ResumesBehindTheOutputInWhichAFilterAskedForIt) {
  Plan& plan = add();
  plan.down = [](Downstream&, Buffer&, bool) { return Verdict::Pause; };
  plan.up = [](Downstream& connection, Buffer&, bool) {
    connection.resume_filters();
    return Verdict::Continue;
  };
  open();
  say("x");
  in_turn(reactor.loop(), [&] {
    send_out("a");
    send_out("b");
  });
  EXPECT_EQ(pipe.received, "abx");
}

TEST_F(DownstreamTest, OpensNothingBehindAFilterThatCloses) {
  add().open = [](Downstream& connection) {
    connection.close();
    return Verdict::Continue;
  };
  bool opened = false;
  add().open = [&](Downstream&) {
    opened = true;
    return Verdict::Continue;
  };
  open();
  EXPECT_FALSE(opened);
  EXPECT_EQ(closed, 1);
}

TEST_F(DownstreamTest, PassesNothingOnWhenAFilterHasFinishedByItself) {
  add().down = [](Downstream& connection, Buffer&, bool) {
    connection.finish();
    return Verdict::Continue;
  };
  open();
  say("x");
  EXPECT_TRUE(pipe.got_fin);
  EXPECT_EQ(pipe.received, "");
}

TEST_F(DownstreamTest, PassesNothingOnWhenAFilterHasClosed) {
  add().down = [](Downstream& connection, Buffer&, bool) {
    connection.close();
    return Verdict::Pause;
  };
  open();
  say("x");
  EXPECT_EQ(closed, 1);
  EXPECT_EQ(pipe.received, "");
}

TEST_F(DownstreamTest, SendsNothingThatComesBehindAFinish) {
  add().down = [](Downstream&, Buffer&, bool) { return Verdict::Finish; };
  open();
  say("x");
  in_turn(reactor.loop(), [&] { send_out("late"); });
  EXPECT_EQ(pipe.received, "");
}

}  // namespace
}  // namespace weir::filter
