#include <gtest/gtest.h>

#include "tests/support/unit/stream_rig.h"

namespace weir::filter {
namespace {

using test::FilterPlan;
using test::StreamRig;

// Pauses in one hook.
auto pause_in(HttpHook where) {
  return [where](HttpContext&, HttpHook hook, Buffer*, bool) {
    return hook == where ? Verdict::Pause : Verdict::Continue;
  };
}

TEST(StreamPause, HoldsTheHeadUntilItIsResumedFromOutside) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  rig.add("b");
  a.act = pause_in(kOnRequest);
  rig.request(false);
  EXPECT_EQ(rig.log.take(), "a.request");
  EXPECT_TRUE(rig.sink->paused);
  // The head stays readable and writable; what comes meanwhile waits and is not shown.
  rig.stream->request().headers.add("x-late", "1");
  rig.body("one");
  rig.body("two", true);
  EXPECT_EQ(rig.log.take(), "");
  rig.turn([&] { EXPECT_TRUE(a.context->resume_request()); });
  EXPECT_EQ(rig.log.take(), "b.request; a.request_body onetwo end; b.request_body onetwo end");
  EXPECT_FALSE(rig.sink->paused);
  EXPECT_EQ(rig.exchange().header("x-late"), "1");
  EXPECT_EQ(rig.violations(), 0u);
}

TEST(StreamPause, GoesOnAtOnceWhenItIsResumedInsideTheHook) {
  StreamRig rig;
  rig.add("a").act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook != kOnRequest) return Verdict::Continue;
    EXPECT_TRUE(context.resume_request());
    return Verdict::Pause;
  };
  rig.add("b");
  rig.request();
  EXPECT_EQ(rig.log.take(), "a.request end; b.request end");
  EXPECT_EQ(rig.sink->pauses, 0);
  EXPECT_EQ(rig.violations(), 0u);
}

TEST(StreamPause, QueuesAResumeThatComesFromAnotherHook) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = pause_in(kOnRequestBody);
  rig.add("b").act = [&](HttpContext&, HttpHook hook, Buffer*, bool) {
    // The request goes on when the response head has come.
    if (hook == kOnResponse) {
      EXPECT_TRUE(a.context->resume_request());
    }
    return Verdict::Continue;
  };
  rig.request(false);
  rig.body("x");
  rig.log.take();
  rig.turn([&] { rig.exchange().head(200); });
  EXPECT_EQ(rig.log.take(), "b.response; a.response; b.request_body x");
  EXPECT_FALSE(rig.sink->paused);
}

TEST(StreamPause, HoldsAPieceOfABodyAndWhatComesBehindIt) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  rig.add("b");
  rig.request(false);
  a.act = pause_in(kOnRequestBody);
  rig.body("one");
  rig.body("two");
  rig.trailers("t", "1");
  EXPECT_EQ(rig.log.take(), "a.request; b.request; a.request_body one");
  EXPECT_TRUE(rig.sink->paused);
  rig.turn([&] { a.context->resume_request(); });
  // The next piece is held again.
  EXPECT_EQ(rig.log.take(), "b.request_body one; a.request_body two");
  a.act = nullptr;
  rig.turn([&] { a.context->resume_request(); });
  EXPECT_EQ(rig.log.take(), "b.request_body two; a.request_trailers; b.request_trailers");
  EXPECT_FALSE(rig.sink->paused);
  EXPECT_EQ(rig.exchange().body, "onetwo");
  EXPECT_TRUE(rig.exchange().ended);
}

TEST(StreamPause, HoldsTrailers) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = pause_in(kOnRequestTrailers);
  rig.request(false);
  rig.body("x");
  rig.trailers("t", "1");
  EXPECT_FALSE(rig.exchange().ended);
  rig.turn([&] { EXPECT_TRUE(a.context->resume_request()); });
  EXPECT_TRUE(rig.exchange().ended);
  EXPECT_EQ(rig.exchange().trailers.size(), 1u);
}

TEST(StreamPause, HoldsAResponseHeadAndItsBody) {
  StreamRig rig;
  rig.add("a");
  FilterPlan& b = rig.add("b");
  b.act = pause_in(kOnResponse);
  rig.request();
  rig.turn([&] {
    rig.exchange().head(200);
    rig.exchange().send("x");
    rig.exchange().send("y", true);
  });
  EXPECT_TRUE(rig.exchange().paused);
  EXPECT_EQ(rig.sink->status, 0);
  rig.log.take();
  rig.turn([&] { EXPECT_TRUE(b.context->resume_response()); });
  EXPECT_EQ(rig.log.take(),
            "a.response; b.response_body xy end; a.response_body xy end; "
            "b.complete; a.complete");
  EXPECT_TRUE(rig.over());
}

TEST(StreamPause, PausesEachDirectionByItself) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = pause_in(kOnRequestBody);
  rig.request(false);
  rig.body("held");
  EXPECT_TRUE(rig.sink->paused);
  rig.turn([&] {
    rig.exchange().head(200);
    rig.exchange().send("passes");
  });
  EXPECT_EQ(rig.sink->body, "passes");
  EXPECT_EQ(rig.exchange().body, "");
  EXPECT_FALSE(rig.exchange().paused);
}

TEST(StreamPause, TellsTheUpstreamOnceHoweverManyReasonsThereAre) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = pause_in(kOnResponseBody);
  int changes = 0;
  rig.upstream.on_paused = [&](test::Exchange&) { ++changes; };
  rig.request();
  rig.turn([&] {
    rig.exchange().head(200);
    rig.exchange().send("x");
  });
  rig.turn([&] { rig.stream->pause_response(true); });
  EXPECT_EQ(changes, 1);
  a.act = nullptr;
  rig.turn([&] { a.context->resume_response(); });
  EXPECT_EQ(changes, 1);
  EXPECT_TRUE(rig.exchange().paused);
  rig.turn([&] { rig.stream->pause_response(false); });
  EXPECT_EQ(changes, 2);
  EXPECT_FALSE(rig.exchange().paused);
}

TEST(StreamPause, CountsAResumeThatNothingWaitsFor) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  FilterPlan& b = rig.add("b");
  b.act = pause_in(kOnRequest);
  rig.request(false);
  rig.turn([&] {
    EXPECT_FALSE(a.context->resume_request());
    EXPECT_FALSE(a.context->resume_response());
    EXPECT_FALSE(b.context->resume_response());
  });
  EXPECT_EQ(rig.violations(), 3u);
  rig.turn([&] { EXPECT_TRUE(b.context->resume_request()); });
  EXPECT_EQ(rig.violations(), 0u);
}

TEST(StreamPause, CountsAResumeInAHookThatDoesNotPause) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnRequest) context.resume_request();
    return hook == kOnRequestBody ? Verdict::Pause : Verdict::Continue;
  };
  rig.request(false);
  EXPECT_EQ(rig.violations(), 1u);
  // It must not undo a later Pause.
  rig.body("x");
  EXPECT_EQ(rig.exchange().body, "");
}

TEST(StreamPause, KeepsAResumeWhenAnotherFilterAsksWronglyForTheSame) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  FilterPlan& b = rig.add("b");
  a.act = pause_in(kOnRequestBody);
  b.act = [&](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnResponse) {
      EXPECT_TRUE(a.context->resume_request());
      EXPECT_FALSE(context.resume_request());
    }
    return Verdict::Continue;
  };
  rig.request(false);
  rig.body("x", true);
  rig.turn([&] { rig.exchange().head(200); });
  EXPECT_EQ(rig.exchange().body, "x");
  EXPECT_EQ(rig.violations(), 1u);
}

TEST(StreamPause, ForgetsThePausesOfAStreamThatIsOver) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = pause_in(kOnRequest);
  rig.request(false);
  rig.body("waits");
  rig.turn([&] { rig.stream->on_connection_gone(EndedBy::Client, Reason::ClientReset); });
  EXPECT_TRUE(rig.over());
  EXPECT_EQ(rig.log.take(), "a.request; a.complete");
  EXPECT_EQ(rig.upstream.exchanges.size(), 0u);
}

}  // namespace
}  // namespace weir::filter
