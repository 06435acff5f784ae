#include <gtest/gtest.h>

#include "tests/support/unit/stream_rig.h"

namespace weir::filter {
namespace {

using test::FilterPlan;
using test::StreamRig;

TEST(StreamOrder, RunsRequestsInOrderAndResponsesInReverse) {
  StreamRig rig;
  rig.add("a");
  rig.add("b");
  rig.request(false);
  EXPECT_EQ(rig.log.take(), "a.request; b.request");
  rig.body("x");
  rig.trailers("t", "1");
  EXPECT_EQ(rig.log.take(),
            "a.request_body x; b.request_body x; a.request_trailers; b.request_trailers");
  EXPECT_EQ(rig.exchange().body, "x");
  rig.turn([&] {
    rig.exchange().head(200);
    rig.exchange().send("y");
    rig.exchange().send_trailers({{"t", "2"}});
  });
  EXPECT_EQ(rig.log.take(),
            "b.response; a.response; b.response_body y; a.response_body y; b.response_trailers; "
            "a.response_trailers; b.complete; a.complete");
  EXPECT_EQ(rig.sink->body, "y");
  EXPECT_TRUE(rig.over());
  EXPECT_EQ(rig.violations(), 0u);
}

TEST(StreamOrder, SaysWhatEnds) {
  StreamRig rig;
  rig.add("a", kOnRequest | kOnRequestBody | kOnResponse | kOnResponseBody);
  rig.request(true);
  rig.turn([&] { rig.exchange().head_only(204); });
  EXPECT_EQ(rig.log.take(), "a.request end; a.response end");
  rig.request(false);
  rig.body("x", true);
  rig.turn([&] { rig.exchange().respond("y"); });
  EXPECT_EQ(rig.log.take(), "a.request; a.request_body x end; a.response; a.response_body y end");
}

TEST(StreamOrder, DoesWithoutAFilterThatDeclines) {
  StreamRig rig;
  rig.add("a");
  rig.add("b").joins = false;
  rig.add("c");
  rig.request();
  rig.turn([&] { rig.exchange().head_only(200); });
  EXPECT_EQ(rig.log.take(),
            "a.request end; c.request end; c.response end; a.response end; "
            "c.complete; a.complete");
}

TEST(StreamOrder, CallsNoHookThatIsNotOverridden) {
  StreamRig rig;
  rig.add("a", kOnResponse);
  rig.add("b", kOnComplete);
  rig.request(false);
  rig.body("x", true);
  rig.turn([&] { rig.exchange().respond("y"); });
  EXPECT_EQ(rig.log.take(), "a.response; b.complete");
}

TEST(StreamOrder, KnowsWhichHooksAFilterOverrides) {
  struct Some final : HttpFilter {
    Verdict on_request(HttpContext&, http::Request&, bool) override { return Verdict::Continue; }
    Verdict on_response_body(HttpContext&, Buffer&, bool) override { return Verdict::Continue; }
    void on_complete(HttpContext&) override {}
  };
  struct None final : HttpFilter {};
  EXPECT_EQ(hooks_of<Some>(), kOnRequest | kOnResponseBody | kOnComplete);
  EXPECT_EQ(hooks_of<None>(), 0);
  EXPECT_EQ(hooks_of<test::RecordingFilter>(), 0xff);
}

TEST(StreamOrder, LetsAFilterChangeABodyInPlace) {
  StreamRig rig;
  rig.add("a").act = [&](HttpContext&, HttpHook hook, Buffer* data, bool) {
    if (hook == kOnRequestBody || hook == kOnResponseBody) {
      data->clear();
      data->append_copy(rig.reactor.blocks(), "changed");
    }
    return Verdict::Continue;
  };
  rig.request(false);
  rig.body("x", true);
  EXPECT_EQ(rig.exchange().body, "changed");
  rig.turn([&] {
    rig.exchange().head(200);
    rig.exchange().send("y", true);
  });
  EXPECT_EQ(rig.sink->body, "changed");
}

TEST(StreamOrder, RunsWithoutFilters) {
  StreamRig rig;
  rig.request(false);
  rig.body("ping", true);
  rig.turn([&] { rig.exchange().respond("pong"); });
  EXPECT_EQ(rig.exchange().body, "ping");
  EXPECT_EQ(rig.sink->body, "pong");
  EXPECT_TRUE(rig.over());
}

TEST(StreamOrder, LeavesInformationalResponsesOut) {
  StreamRig rig;
  rig.add("a");
  rig.request();
  rig.log.take();
  rig.turn([&] { rig.exchange().inform(103); });
  EXPECT_EQ(rig.log.take(), "");
  EXPECT_EQ(rig.sink->informational, std::vector<int>{103});
}

TEST(StreamOrder, UsesAStreamAgainAsIfItWereNew) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    EXPECT_TRUE(hook != kOnRequest || context.stream().vars().set("x", std::int64_t{1}));
    return Verdict::Continue;
  };
  rig.request();
  Stream* first = rig.stream;
  rig.turn([&] { rig.exchange().respond("one", 200, {{"x-first", "1"}}); });
  a.act = nullptr;
  rig.request();
  EXPECT_EQ(rig.stream, first);
  EXPECT_EQ(rig.stream->vars().get("x"), nullptr);
  EXPECT_FALSE(rig.stream->answered_here());
  rig.turn([&] { rig.exchange().respond("two"); });
  EXPECT_EQ(rig.sink->header("x-first"), "");
  EXPECT_EQ(rig.observer.records.size(), 2u);
}

}  // namespace
}  // namespace weir::filter
