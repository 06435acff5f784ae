#include <gtest/gtest.h>

#include "core/route/route_table.h"
#include "tests/support/unit/stream_rig.h"

namespace weir::filter {
namespace {

using test::FilterPlan;
using test::StreamRig;

route::Route route_to(std::string prefix) {
  route::Route route;
  route.name = prefix;
  route.match.prefixes.push_back(std::move(prefix));
  route.action = route::Respond();
  return route;
}

// Two routes: /plain has the chain's filters a, b, c; /other does without b and adds d.
struct TwoRoutes {
  TwoRoutes() {
    std::vector<route::Route> routes;
    routes.push_back(route_to("/plain"));
    routes.push_back(route_to("/other"));
    table = std::move(route::RouteTable::compile("r", std::move(routes)).value());
    rig.chain.http->routes = table.get();
    for (const char* name : {"a", "b", "c"}) rig.add(name, kOnRequest | kOnRouteChanged);
    rig.make("d", kOnRequest | kOnRouteChanged);
    auto list = std::make_unique<FilterList>();
    list->entries = {{&rig.items[0], 0}, {&rig.items[2], 2}, {&rig.items[3], 3}};
    rig.chain.http->by_route.resize(2);
    rig.chain.http->by_route[1] = std::move(list);
  }
  FilterPlan& plan(std::size_t index) { return rig.plans[index]; }
  // Sends the exchange to /other when `hook` of the plan runs.
  auto to_other(HttpHook where = kOnRequest) {
    return [where](HttpContext& context, HttpHook hook, Buffer*, bool) {
      if (hook == where) {
        context.stream().request().path = "/other";
        EXPECT_TRUE(context.reroute());
      }
      return Verdict::Continue;
    };
  }

  std::unique_ptr<route::RouteTable> table;
  StreamRig rig;
};

TEST(Reroute, RunsTheFiltersOfTheRoute) {
  TwoRoutes test;
  test.rig.request(true, "/plain/x");
  EXPECT_EQ(test.rig.log.take(), "a.request end; b.request end; c.request end");
  EXPECT_EQ(test.rig.stream->route()->name, "/plain");
  test.rig.turn([&] { test.rig.exchange().head_only(200); });
  test.rig.request(true, "/other/x");
  EXPECT_EQ(test.rig.log.take(), "a.request end; c.request end; d.request end");
  EXPECT_EQ(test.rig.stream->matched_prefix(), "/other");
}

TEST(Reroute, RunsTheChainsFiltersWithoutARoute) {
  TwoRoutes test;
  test.rig.request(true, "/nothing");
  EXPECT_EQ(test.rig.stream->route(), nullptr);
  EXPECT_EQ(test.rig.log.take(), "a.request end; b.request end; c.request end");
}

TEST(Reroute, ChangesTheFiltersThatWereNotReached) {
  TwoRoutes test;
  test.plan(0).act = test.to_other();
  test.rig.request(true, "/plain");
  EXPECT_EQ(test.rig.log.take(), "a.request end; a.route_changed; c.request end; d.request end");
  EXPECT_EQ(test.rig.stream->route()->name, "/other");
}

TEST(Reroute, KeepsFiltersThatJoined) {
  TwoRoutes test;
  test.plan(1).act = test.to_other();
  test.rig.request(true, "/plain");
  EXPECT_EQ(test.rig.log.take(),
            "a.request end; b.request end; a.route_changed; "
            "b.route_changed; c.request end; d.request end");
}

TEST(Reroute, FromAnEarlierFilterJoinsNobodyTwice) {
  TwoRoutes test;
  test.plan(2).act = [](HttpContext&, HttpHook hook, Buffer*, bool) {
    return hook == kOnRequest ? Verdict::Pause : Verdict::Continue;
  };
  test.rig.request(true, "/plain");
  test.rig.log.take();
  test.rig.turn([&] {
    test.rig.stream->request().path = "/other";
    EXPECT_TRUE(test.plan(0).context->reroute());
    EXPECT_TRUE(test.plan(2).context->resume_request());
  });
  EXPECT_EQ(test.rig.log.take(),
            "a.route_changed; b.route_changed; c.route_changed; "
            "d.request end");
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(test.plan(i).joined, 1) << i;
}

TEST(Reroute, AsksNoFilterAgainThatDeclined) {
  TwoRoutes test;
  test.plan(2).joins = false;
  FilterPlan& d = test.plan(3);
  d.act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnRequest) {
      context.stream().request().path = "/other/again";
      EXPECT_TRUE(context.reroute());
    }
    return Verdict::Continue;
  };
  test.rig.request(true, "/other");
  EXPECT_EQ(test.rig.log.take(), "a.request end; d.request end; a.route_changed; d.route_changed");
  EXPECT_EQ(d.joined, 1);
}

TEST(Reroute, IsRefusedOnceTheHeadHasLeft) {
  TwoRoutes test;
  test.rig.request(false, "/plain");
  test.rig.turn([&] { EXPECT_FALSE(test.plan(0).context->reroute()); });
  EXPECT_EQ(test.rig.violations(), 1u);
  EXPECT_EQ(test.rig.log.take(), "a.request; b.request; c.request");
}

TEST(Reroute, IsRefusedAfterALocalReply) {
  TwoRoutes test;
  test.rig.make("e", kOnRequest | kOnResponse).act = [](HttpContext& context, HttpHook hook,
                                                        Buffer*, bool) {
    if (hook == kOnResponse) {
      EXPECT_FALSE(context.reroute());
    }
    return Verdict::Continue;
  };
  test.rig.chain.http->filters.entries.insert(test.rig.chain.http->filters.entries.begin(),
                                              {&test.rig.items.back(), 0});
  test.plan(1).act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    return hook == kOnRequest ? context.respond({.status = 403}) : Verdict::Continue;
  };
  test.rig.request(true, "/plain");
  EXPECT_EQ(test.rig.sink->status, 403);
  EXPECT_EQ(test.rig.violations(), 1u);
}

TEST(Reroute, IsRefusedInsideRouteChanged) {
  TwoRoutes test;
  test.plan(0).act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnRequest) {
      EXPECT_TRUE(context.reroute());
    }
    if (hook == kOnRouteChanged) {
      EXPECT_FALSE(context.reroute());
    }
    return Verdict::Continue;
  };
  test.rig.request(true, "/plain");
  EXPECT_EQ(test.rig.violations(), 1u);
}

TEST(Reroute, TakesTheTimesOfTheNewRoute) {
  std::vector<route::Route> routes;
  routes.push_back(route_to("/hasty"));
  routes.back().idle_timeout = routes.back().total_timeout = std::chrono::milliseconds(5);
  routes.push_back(route_to("/patient"));
  routes.back().idle_timeout = std::chrono::milliseconds(0);
  auto table = std::move(route::RouteTable::compile("r", std::move(routes)).value());
  StreamRig rig;
  rig.chain.http->routes = table.get();
  rig.add("a").act = [](HttpContext& context, HttpHook hook, Buffer*, bool) {
    if (hook == kOnRequest) {
      context.stream().request().path = "/patient";
      context.reroute();
    }
    return Verdict::Continue;
  };
  rig.request(true, "/hasty");
  bool waited = false;
  event::Timer timer(rig.loop().timers(), &waited,
                     [](void* flag) { *static_cast<bool*>(flag) = true; });
  rig.turn([&] { timer.arm(20); });
  while (!waited) rig.loop().run_once(true);
  EXPECT_EQ(rig.sink->status, 0);
  EXPECT_FALSE(rig.over());
}

TEST(Reroute, TotalTimeoutAnswersWith504OrCuts) {
  std::vector<route::Route> routes;
  routes.push_back(route_to("/"));
  routes.back().total_timeout = std::chrono::milliseconds(8);
  auto table = std::move(route::RouteTable::compile("r", std::move(routes)).value());
  for (const bool begun : {false, true}) {
    StreamRig rig;
    rig.chain.http->routes = table.get();
    rig.request();
    if (begun) rig.turn([&] { rig.exchange().head(200); });
    for (int i = 0; !rig.over() && i < 1'000; ++i) rig.loop().run_once(true);
    EXPECT_EQ(rig.sink->status, begun ? 200 : 504);
    EXPECT_EQ(rig.sink->aborts, begun ? 1 : 0);
    EXPECT_EQ(rig.exchange().cancels, 1);
    EXPECT_EQ(rig.observer.records.at(0).why, Reason::TotalTimeout);
  }
}

}  // namespace
}  // namespace weir::filter
