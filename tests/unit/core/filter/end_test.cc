#include <gtest/gtest.h>

#include "tests/support/unit/stream_rig.h"

namespace weir::filter {
namespace {

using test::FilterPlan;
using test::StreamRig;

void wait_until_over(StreamRig& rig) {
  for (int rounds = 0; !rig.over() && rounds < 1'000; ++rounds) rig.loop().run_once(true);
  EXPECT_TRUE(rig.over());
}

TEST(StreamEnd, RunsCompleteOnceEachInReverseAndOnlyThen) {
  StreamRig rig;
  rig.add("a", kOnComplete);
  rig.add("b", kOnComplete);
  rig.request();
  rig.turn([&] {
    rig.exchange().respond("x");
    EXPECT_EQ(rig.log.take(), "");
  });
  EXPECT_EQ(rig.log.take(), "b.complete; a.complete");
}

TEST(StreamEnd, RefusesEverythingInComplete) {
  StreamRig rig;
  rig.add("a").act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnComplete) {
      EXPECT_FALSE(context.resume_request());
      EXPECT_FALSE(context.resume_response());
      EXPECT_FALSE(context.collect_body(1));
      EXPECT_FALSE(context.reroute());
      context.respond({.status = 500});
    }
    return Verdict::Continue;
  };
  rig.request();
  rig.turn([&] { rig.exchange().respond("x"); });
  EXPECT_EQ(rig.violations(), 5u);
  EXPECT_EQ(rig.sink->status, 200);
  EXPECT_EQ(rig.sink->aborts, 0);
}

TEST(StreamEnd, CancelsTheTerminalOnceWhenTheClientGoes) {
  StreamRig rig;
  rig.request(false);
  rig.turn([&] {
    rig.stream->on_connection_gone(EndedBy::Client, Reason::ClientReset);
    rig.stream->on_connection_gone(EndedBy::Client, Reason::ClientReset);
  });
  EXPECT_EQ(rig.exchange().cancels, 1);
  EXPECT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].ended_by, EndedBy::Client);
}

TEST(StreamEnd, MayComeInsideAHook) {
  for (const HttpHook where : {kOnRequest, kOnRequestBody, kOnResponse, kOnResponseBody}) {
    StreamRig rig;
    rig.add("a").act = [&](HttpContext& context, HttpHook hook, Buffer*, bool) {
      if (hook == where) context.stream().on_connection_gone(EndedBy::Client, Reason::ClientReset);
      return Verdict::Continue;
    };
    rig.add("b");
    rig.request(false);
    if (where != kOnRequest) rig.body("x", true);
    if (where == kOnResponse || where == kOnResponseBody) {
      rig.turn([&] {
        rig.exchange().head(200);
        if (rig.exchange().live()) rig.exchange().send("y", true);
      });
    }
    EXPECT_TRUE(rig.over()) << where;
  }
}

TEST(StreamEnd, AnswersAnIdleUpstreamWith504AndAnIdleClientWith408) {
  for (const bool complete : {true, false}) {
    StreamRig rig;
    rig.chain.http->settings.idle_timeout = std::chrono::milliseconds(10);
    rig.request(complete);
    wait_until_over(rig);
    EXPECT_EQ(rig.sink->status, complete ? 504 : 408);
    EXPECT_EQ(rig.exchange().cancels, 1);
    EXPECT_EQ(rig.observer.records.at(0).why,
              complete ? Reason::IdleTimeout : Reason::ClientTimeout);
  }
}

TEST(StreamEnd, CutsAResponseThatStopsMoving) {
  StreamRig rig;
  rig.chain.http->settings.idle_timeout = std::chrono::milliseconds(10);
  rig.request();
  rig.turn([&] { rig.exchange().head(200); });
  wait_until_over(rig);
  EXPECT_EQ(rig.sink->aborts, 1);
  EXPECT_EQ(rig.exchange().cancels, 1);
  EXPECT_EQ(rig.observer.records.at(0).why, Reason::IdleTimeout);
}

TEST(StreamEnd, EndsAPauseThatNobodyResumes) {
  for (const HttpHook where : {kOnRequest, kOnResponse}) {
    StreamRig rig;
    rig.chain.http->settings.idle_timeout = std::chrono::milliseconds(10);
    rig.add("a").act = [where](HttpContext&, HttpHook hook, Buffer*, bool) {
      return hook == where ? Verdict::Pause : Verdict::Continue;
    };
    rig.request();
    if (where == kOnResponse) {
      rig.turn([&] { rig.exchange().respond("held, and so is what takes its place"); });
    }
    wait_until_over(rig);
    EXPECT_EQ(rig.sink->status, where == kOnRequest ? 504 : 0);
  }
}

TEST(StreamEnd, RemembersACutBeforeTheHeadAsA502) {
  StreamRig rig;
  rig.request();
  rig.turn([&] { rig.stream->cut(EndedBy::Upstream, Reason::UpstreamInvalid); });
  EXPECT_EQ(rig.sink->status, 502);
  EXPECT_EQ(rig.observer.records.at(0).ended_by, EndedBy::Upstream);
  EXPECT_EQ(rig.exchange().cancels, 0);
}

TEST(StreamEnd, EndsATunnelWithBothDirections) {
  StreamRig rig;
  rig.add("a");
  rig.request();
  rig.turn([&] { rig.exchange().upgrade(); });
  rig.log.take();
  rig.body("up");
  rig.turn([&] { rig.exchange().send("down", true); });
  EXPECT_FALSE(rig.over());
  rig.body("", true);
  EXPECT_TRUE(rig.over());
  EXPECT_EQ(rig.log.take(),
            "a.request_body up; a.response_body down end; a.request_body end; a.complete");
  EXPECT_EQ(rig.exchange().cancels, 0);
}

TEST(StreamEnd, CancelsATerminalWhoseUpgradeAFilterHolds) {
  StreamRig rig;
  rig.add("a").act = [](HttpContext&, HttpHook hook, Buffer*, bool) {
    return hook == kOnResponse ? Verdict::Pause : Verdict::Continue;
  };
  rig.request();
  rig.turn([&] {
    rig.exchange().upgrade();
    rig.exchange().send("the upstream's side ends, the client's does not", true);
  });
  rig.turn([&] { rig.stream->on_connection_gone(EndedBy::Client, Reason::ClientReset); });
  EXPECT_EQ(rig.exchange().cancels, 1);
}

}  // namespace
}  // namespace weir::filter
