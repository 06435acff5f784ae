#include <gtest/gtest.h>

#include "tests/support/unit/stream_rig.h"

namespace weir::filter {
namespace {

using test::FilterPlan;
using test::StreamRig;

auto collect_in(HttpHook where, std::size_t limit, Verdict verdict = Verdict::Continue) {
  return [=](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook != where) return Verdict::Continue;
    EXPECT_TRUE(context.collect_body(limit));
    return verdict;
  };
}

TEST(CollectBody, ShowsTheWholeBodyAsOnePieceThenLetsTheHeadGoOn) {
  StreamRig rig;
  rig.add("a").act = collect_in(kOnRequest, 100);
  rig.add("b");
  rig.request(false);
  rig.body("one");
  rig.body("two");
  EXPECT_EQ(rig.log.take(), "a.request");
  EXPECT_FALSE(rig.sink->paused);
  rig.body("three", true);
  EXPECT_EQ(rig.log.take(),
            "a.request_body onetwothree end; b.request; b.request_body onetwothree end");
  EXPECT_EQ(rig.exchange().body, "onetwothree");
  EXPECT_EQ(rig.violations(), 0u);
}

TEST(CollectBody, AcceptsExactlyTheLimitAndAnswersOneMoreWith413) {
  StreamRig rig;
  rig.add("a").act = collect_in(kOnRequest, 5);
  rig.request(false);
  rig.body("abc");
  rig.body("de", true);
  EXPECT_EQ(rig.exchange().body, "abcde");
  rig.turn([&] { rig.exchange().head_only(200); });

  rig.request(false);
  rig.body("abc");
  rig.body("def");
  EXPECT_EQ(rig.sink->status, 413);
  EXPECT_TRUE(rig.over());
  EXPECT_EQ(rig.upstream.exchanges.size(), 1u);
  EXPECT_EQ(rig.observer.records.at(1).why, Reason::BodyTooLarge);
}

TEST(CollectBody, AnswersAResponseOverTheLimitWith502) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  rig.add("b").act = collect_in(kOnResponse, 5);
  rig.request();
  rig.log.take();
  rig.turn([&] {
    rig.exchange().head(200);
    rig.exchange().send("abcdef");
  });
  EXPECT_EQ(rig.sink->status, 502);
  EXPECT_EQ(rig.exchange().cancels, 1);
  EXPECT_TRUE(rig.over());
  // Only who did not see the response yet sees the reply.
  EXPECT_EQ(rig.log.take(),
            "b.response; a.response; a.response_body 502 Bad Gateway\n end; "
            "b.complete; a.complete");
  EXPECT_EQ(a.joined, 1);
}

TEST(CollectBody, CollectsAResponse) {
  StreamRig rig;
  rig.add("a");
  rig.add("b").act = collect_in(kOnResponse, 5);
  rig.request();
  rig.log.take();
  rig.turn([&] {
    rig.exchange().head(200);
    rig.exchange().send("ab");
  });
  EXPECT_EQ(rig.sink->status, 0);
  rig.turn([&] { rig.exchange().send("cde", true); });
  EXPECT_EQ(rig.log.take(),
            "b.response; b.response_body abcde end; a.response; "
            "a.response_body abcde end; b.complete; a.complete");
}

TEST(CollectBody, EndsWithTrailers) {
  StreamRig rig;
  rig.add("a").act = collect_in(kOnRequest, 100);
  rig.add("b");
  rig.request(false);
  rig.body("x");
  rig.trailers("t", "1");
  EXPECT_EQ(rig.log.take(),
            "a.request; a.request_body x; b.request; b.request_body x; "
            "a.request_trailers; b.request_trailers");
  EXPECT_TRUE(rig.exchange().ended);
  EXPECT_EQ(rig.exchange().trailers.size(), 1u);
}

TEST(CollectBody, WorksInTwoFiltersOneAfterTheOther) {
  for (const bool with_trailers : {false, true}) {
    StreamRig rig;
    rig.add("a").act = collect_in(kOnRequest, 100);
    rig.add("b", kOnRequest | kOnRequestBody).act = collect_in(kOnRequest, 100);
    rig.add("c", kOnRequest | kOnRequestBody);
    rig.request(false);
    rig.body("x");
    if (with_trailers) {
      rig.body("y");
      rig.trailers("t", "1");
      EXPECT_EQ(rig.log.take(),
                "a.request; a.request_body xy; b.request; a.request_trailers; "
                "b.request_body xy; c.request; c.request_body xy");
    } else {
      rig.body("y", true);
      EXPECT_EQ(rig.log.take(),
                "a.request; a.request_body xy end; b.request; "
                "b.request_body xy end; c.request; c.request_body xy end");
    }
    EXPECT_EQ(rig.exchange().body, "xy");
    EXPECT_TRUE(rig.exchange().ended);
  }
}

TEST(CollectBody, WaitsWhileAnEarlierFilterHoldsAPiece) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  rig.add("b").act = collect_in(kOnRequest, 100);
  a.act = [](HttpContext&, HttpHook hook, Buffer*, bool) {
    return hook == kOnRequestBody ? Verdict::Pause : Verdict::Continue;
  };
  rig.request(false);
  rig.body("one");
  rig.body("two", true);
  EXPECT_EQ(rig.upstream.exchanges.size(), 0u);
  rig.turn([&] { a.context->resume_request(); });
  rig.turn([&] { a.context->resume_request(); });
  EXPECT_EQ(rig.exchange().body, "onetwo");
  EXPECT_EQ(rig.log.take(),
            "a.request; b.request; a.request_body one; a.request_body two end; "
            "b.request_body onetwo end");
}

TEST(CollectBody, MayPauseOnTheWholeBody) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnRequest) context.collect_body(100);
    return hook == kOnRequestBody ? Verdict::Pause : Verdict::Continue;
  };
  rig.add("b");
  rig.request(false);
  rig.body("x", true);
  EXPECT_EQ(rig.upstream.exchanges.size(), 0u);
  EXPECT_EQ(rig.log.take(), "a.request; a.request_body x end");
  rig.turn([&] { EXPECT_TRUE(a.context->resume_request()); });
  EXPECT_EQ(rig.log.take(), "b.request; b.request_body x end");
  EXPECT_EQ(rig.exchange().body, "x");
}

TEST(CollectBody, WaitsForTheBodyAlsoWhenItsHeadHookPauses) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = collect_in(kOnRequest, 100, Verdict::Pause);
  rig.add("b");
  rig.request(false);
  EXPECT_TRUE(rig.sink->paused);
  rig.body("one");
  rig.turn([&] { EXPECT_TRUE(a.context->resume_request()); });
  EXPECT_FALSE(rig.sink->paused);
  EXPECT_EQ(rig.upstream.exchanges.size(), 0u);
  rig.body("two", true);
  EXPECT_EQ(rig.log.take(),
            "a.request; a.request_body onetwo end; b.request; "
            "b.request_body onetwo end");
}

TEST(CollectBody, CollectsTheBodyOfALocalReply) {
  StreamRig rig;
  int status_at_body = -1;
  rig.add("a").act = [&](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnResponse) {
      EXPECT_TRUE(context.collect_body(100));
    }
    if (hook == kOnResponseBody) status_at_body = rig.sink->status;
    return Verdict::Continue;
  };
  rig.add("b").act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    return hook == kOnRequest ? context.respond({.status = 403, .body = "no"}) : Verdict::Continue;
  };
  rig.request(false);
  // The head waited for the body.
  EXPECT_EQ(status_at_body, 0);
  EXPECT_EQ(rig.sink->status, 403);
  EXPECT_EQ(rig.sink->body, "no");
  EXPECT_EQ(rig.violations(), 0u);
}

TEST(CollectBody, GivesTheClientLeaveToSend) {
  StreamRig rig;
  rig.add("a").act = collect_in(kOnRequest, 100);
  rig.request(false, "/", {{"expect", "100-continue"}});
  EXPECT_EQ(rig.sink->informational, std::vector<int>{100});
  rig.body("x", true);
  // It was given already.
  EXPECT_EQ(rig.exchange().header("expect"), "");
  rig.turn([&] { rig.exchange().respond("ok"); });
  EXPECT_EQ(rig.sink->status, 200);
}

TEST(CollectBody, IsRefusedAtOtherMoments) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  FilterPlan& b = rig.add("b");
  std::vector<bool> allowed;
  a.act = [&](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnRequestBody || hook == kOnComplete) {
      allowed.push_back(context.collect_body(10));
    }
    return Verdict::Continue;
  };
  b.act = [&](HttpContext&, HttpHook hook, Buffer*, bool) {
    // For another filter than the one whose head hook runs.
    if (hook == kOnRequest) allowed.push_back(a.context->collect_body(10));
    return Verdict::Continue;
  };
  rig.request(false);
  rig.turn([&] { allowed.push_back(a.context->collect_body(10)); });
  rig.body("x", true);
  rig.turn([&] { rig.exchange().head_only(200); });
  EXPECT_EQ(allowed, std::vector<bool>(4, false));
  EXPECT_EQ(rig.violations(), 4u);
}

TEST(CollectBody, IsRefusedWhereNoBodyFollowsAndForAnUpgrade) {
  StreamRig rig;
  std::vector<bool> allowed;
  rig.add("a").act = [&](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnRequest || hook == kOnResponse) allowed.push_back(context.collect_body(10));
    return Verdict::Continue;
  };
  rig.request(true);
  rig.turn([&] { rig.exchange().upgrade(); });
  EXPECT_EQ(allowed, std::vector<bool>(2, false));
  EXPECT_TRUE(rig.sink->tunnel);
  rig.body("in the tunnel");
  EXPECT_EQ(rig.exchange().body, "in the tunnel");
}

}  // namespace
}  // namespace weir::filter
