#include "core/filter/local_reply.h"

#include <gtest/gtest.h>

#include "tests/support/unit/stream_rig.h"

namespace weir::filter {
namespace {

using test::FilterPlan;
using test::StreamRig;

auto respond_in(HttpHook where, std::uint16_t status) {
  return [=](HttpContext& context, HttpHook hook, Buffer*, bool) {
    return hook == where ? context.respond({.status = status, .body = "no"}) : Verdict::Continue;
  };
}

TEST(LocalReply, PassesTheFiltersThatJoinedExceptItsAuthor) {
  StreamRig rig;
  rig.add("a");
  rig.add("b");
  rig.add("c").act = respond_in(kOnRequest, 403);
  rig.add("d");
  rig.request(false);
  EXPECT_EQ(rig.log.take(),
            "a.request; b.request; c.request; b.response; a.response; b.response_body no end; "
            "a.response_body no end; c.complete; b.complete; a.complete");
  EXPECT_EQ(rig.sink->status, 403);
  EXPECT_EQ(rig.sink->body, "no");
  EXPECT_TRUE(rig.over());
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].ended_by, EndedBy::Filter);
  EXPECT_EQ(rig.observer.records[0].filter, "c");
  EXPECT_EQ(rig.observer.records[0].why, Reason::FilterReply);
}

TEST(LocalReply, PassesFiltersBehindItsAuthorThatJoinedAlready) {
  StreamRig rig;
  rig.add("a", kOnRequest | kOnResponse);
  rig.add("b", kOnRequest | kOnRequestBody | kOnResponse).act = respond_in(kOnRequestBody, 403);
  rig.add("c", kOnRequest | kOnResponse);
  rig.request(false);
  rig.log.take();
  rig.body("x");
  EXPECT_EQ(rig.log.take(), "b.request_body x; c.response; a.response");
  EXPECT_EQ(rig.exchange().cancels, 1);
  EXPECT_EQ(rig.sink->status, 403);
}

TEST(LocalReply, GoesOnBehindAnAuthorOnTheWayBack) {
  StreamRig rig;
  rig.add("a", kOnResponse);
  rig.add("b", kOnResponse).act = respond_in(kOnResponse, 503);
  rig.add("c", kOnResponse);
  rig.request();
  rig.turn([&] { rig.exchange().respond("fine"); });
  EXPECT_EQ(rig.log.take(), "c.response; b.response; a.response");
  EXPECT_EQ(rig.sink->status, 503);
  EXPECT_EQ(rig.sink->body, "no");
}

TEST(LocalReply, EndsWhenFiltersAnswerEachOthersAnswers) {
  StreamRig rig;
  const auto always = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook != kOnRequestBody && hook != kOnResponse) return Verdict::Continue;
    return context.respond({.status = 500, .body = context.name()});
  };
  for (const char* name : {"a", "b", "c"}) rig.add(name).act = always;
  rig.request(false);
  rig.body("x");
  EXPECT_EQ(rig.sink->status, 500);
  EXPECT_EQ(rig.sink->body, "a");
  EXPECT_TRUE(rig.over());
}

TEST(LocalReply, RunsNoFurtherRequestHook) {
  StreamRig rig;
  FilterPlan& a = rig.add("a", kOnRequest | kOnRequestBody);
  rig.add("b", kOnRequest | kOnRequestBody | kOnResponse);
  a.act = [](HttpContext&, HttpHook hook, Buffer*, bool) {
    return hook == kOnRequest ? Verdict::Pause : Verdict::Continue;
  };
  rig.request(false);
  rig.body("waits");
  rig.turn([&] { EXPECT_EQ(a.context->respond({.status = 401}), Verdict::Finish); });
  EXPECT_EQ(rig.log.take(), "a.request");
  EXPECT_EQ(rig.sink->status, 401);
  EXPECT_FALSE(rig.sink->paused);
  EXPECT_TRUE(rig.over());
}

TEST(LocalReply, DropsTheRestOfTheRequestWhileAFilterHoldsTheReply) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = [](HttpContext&, HttpHook hook, Buffer*, bool) {
    return hook == kOnResponse ? Verdict::Pause : Verdict::Continue;
  };
  rig.add("b").act = respond_in(kOnRequest, 403);
  rig.request(false);
  rig.log.take();
  rig.body("dropped");
  rig.body("dropped", true);
  EXPECT_EQ(rig.log.take(), "");
  rig.turn([&] {
    EXPECT_FALSE(a.context->resume_request());
    EXPECT_TRUE(a.context->resume_response());
  });
  EXPECT_EQ(rig.sink->body, "no");
  EXPECT_TRUE(rig.over());
}

TEST(LocalReply, CutsAResponseThatHasBegun) {
  StreamRig rig;
  rig.add("a").act = respond_in(kOnResponseBody, 500);
  rig.request();
  rig.turn([&] {
    rig.exchange().head(200);
    rig.exchange().send("x");
  });
  EXPECT_EQ(rig.sink->aborts, 1);
  EXPECT_EQ(rig.sink->body, "");
  EXPECT_EQ(rig.exchange().cancels, 1);
  EXPECT_TRUE(rig.over());
}

TEST(LocalReply, IsCountedWhenTheExchangeWasAnsweredAlready) {
  StreamRig rig;
  FilterPlan& a = rig.add("a");
  a.act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnRequest) {
      context.respond({.status = 401});
      context.respond({.status = 402});
    }
    return hook == kOnRequest ? Verdict::Finish : Verdict::Continue;
  };
  rig.request();
  EXPECT_EQ(rig.sink->status, 401);
  EXPECT_EQ(rig.violations(), 1u);
}

TEST(LocalReply, TakesTheAnswerAlsoWhenTheVerdictIsAnother) {
  StreamRig rig;
  for (const Verdict verdict : {Verdict::Continue, Verdict::Pause}) {
    StreamRig fresh;
    fresh.add("a").act = [verdict](HttpContext& context, HttpHook hook, Buffer*, bool) {
      if (hook == kOnRequest) context.respond({.status = 401});
      return verdict;
    };
    fresh.request();
    EXPECT_EQ(fresh.sink->status, 401);
    EXPECT_TRUE(fresh.over());
    EXPECT_EQ(fresh.upstream.exchanges.size(), 0u);
  }
}

TEST(LocalReply, AnswersAFinishWithoutAnAnswerWith500) {
  for (const HttpHook where : {kOnRequest, kOnRequestBody, kOnResponse}) {
    StreamRig rig;
    rig.add("a").act = [where](HttpContext&, HttpHook hook, Buffer*, bool) {
      return hook == where ? Verdict::Finish : Verdict::Continue;
    };
    rig.request(false);
    if (where != kOnRequest) rig.body("x", true);
    if (where == kOnResponse) rig.turn([&] { rig.exchange().respond("fine"); });
    EXPECT_EQ(rig.sink->status, 500) << where;
    EXPECT_EQ(rig.violations(), 1u) << where;
    EXPECT_EQ(rig.observer.records.at(0).why, Reason::FilterFailed) << where;
    EXPECT_EQ(rig.observer.records.at(0).filter, "a") << where;
  }
}

TEST(LocalReply, SaysThatAFilterFailed) {
  StreamRig rig;
  rig.add("a").act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    return hook == kOnRequest ? context.fail("expected by this test") : Verdict::Continue;
  };
  rig.request();
  EXPECT_EQ(rig.sink->status, 500);
  EXPECT_EQ(rig.observer.records.at(0).why, Reason::FilterFailed);
  EXPECT_EQ(rig.violations(), 0u);
}

TEST(LocalReply, OfTheTerminalPassesAllFilters) {
  StreamRig rig;
  rig.add("a", kOnResponse);
  rig.add("b", kOnResponse);
  rig.request();
  rig.turn([&] { rig.stream->reply({.status = 503, .why = Reason::NoEndpoint}); });
  EXPECT_EQ(rig.log.take(), "b.response; a.response");
  EXPECT_EQ(rig.sink->status, 503);
  EXPECT_EQ(rig.sink->body, "503 Service Unavailable\n");
  EXPECT_EQ(rig.exchange().cancels, 0);
}

TEST(LocalReply, UsesTheTemplateOfItsStatus) {
  StreamRig rig;
  auto& bodies = rig.chain.http->settings.local_replies.bodies;
  bodies.push_back({400, 599, "text/html", *route::Template::parse("wide")});
  bodies.push_back({404, 404, "application/json", *route::Template::parse("{%status%}")});
  rig.request();
  rig.turn([&] { rig.stream->reply({.status = 404}); });
  EXPECT_EQ(rig.sink->body, "{404}");
  EXPECT_EQ(rig.sink->header("content-type"), "application/json");
  rig.request();
  rig.turn([&] { rig.stream->reply({.status = 503}); });
  EXPECT_EQ(rig.sink->body, "wide");
}

TEST(LocalReply, CopiesWhatItIsGiven) {
  StreamRig rig;
  rig.add("a").act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook != kOnRequest) return Verdict::Continue;
    const std::string body = "a body that is gone when the hook returns";
    const std::string value = "so is this value";
    const std::pair<std::string_view, std::string_view> fields[] = {{"x-why", value}};
    return context.respond({.status = 403, .body = body, .headers = fields});
  };
  rig.request();
  EXPECT_EQ(rig.sink->body, "a body that is gone when the hook returns");
  EXPECT_EQ(rig.sink->header("x-why"), "so is this value");
}

}  // namespace
}  // namespace weir::filter
