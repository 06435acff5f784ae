#include "core/filter/downstream.h"

#include <functional>

#include <gtest/gtest.h>

#include "tests/support/unit/pipe.h"

namespace weir::filter {
namespace {

using test::in_turn;
using test::Pipe;

// Changes and holds bytes as a test says.
struct Plan {
  std::function<Verdict(Downstream&, Buffer&, bool end)> down;
  std::function<Verdict(Downstream&, Buffer&, bool end)> up;
};

class PlannedFilter final : public NetworkFilter {
 public:
  explicit PlannedFilter(const Plan& plan) : plan_(plan) {}
  Verdict on_downstream_data(Downstream& downstream, Buffer& data, bool end) override {
    return plan_.down ? plan_.down(downstream, data, end) : Verdict::Continue;
  }
  Verdict on_upstream_data(Downstream& downstream, Buffer& data, bool end) override {
    return plan_.up ? plan_.up(downstream, data, end) : Verdict::Continue;
  }

 private:
  const Plan& plan_;
};

class PlannedFactory final : public NetworkFilterFactory {
 public:
  explicit PlannedFactory(const Plan& plan) : plan_(plan) {}
  std::unique_ptr<NetworkFilter> join(Downstream&) const override {
    return std::make_unique<PlannedFilter>(plan_);
  }

 private:
  const Plan& plan_;
};

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

class EchoFactory final : public NetworkTerminalFactory {
 public:
  std::unique_ptr<NetworkTerminal> create(Downstream& downstream) const override {
    return std::make_unique<Echo>(downstream);
  }
};

class DownstreamTest : public testing::Test, protected Downstream::Owner {
 protected:
  DownstreamTest() {
    chain.terminal = std::make_unique<EchoFactory>();
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

}  // namespace
}  // namespace weir::filter
