#include "tests/unit/filters/http_codec/wild_filter.h"

#include "tests/unit/filters/http_codec/wild_world.h"

namespace weir::test {

WildFilter::WildFilter(WildWorld& world)
    : world_(world),
      id_(world.next_id++),
      timer_(event::Timer::of<&WildFilter::timed>(world.worker.loop().timers(), this)) {
  ++world_.live_filters;
  world_.filters[id_] = this;
}

WildFilter::~WildFilter() {
  WEIR_CHECK(world_.inside == 0);
  --world_.live_filters;
  world_.filters.erase(id_);
}

filter::Verdict WildFilter::act(filter::HttpContext& context, filter::HttpHook hook, Buffer* data) {
  WEIR_CHECK(!completed_ && world_.inside == 0);
  ++world_.inside;
  ++world_.counts.hooks;
  context_ = &context;
  const bool request = hook < filter::kOnResponse;
  Choices& choices = world_.choices;
  filter::Verdict verdict = filter::Verdict::Continue;
  switch (choices.below(24)) {
    case 0:
    case 1:
      verdict = pause(context, request);
      break;
    case 2:
      verdict = context.respond({.status = static_cast<std::uint16_t>(400 + choices.below(150)),
                                 .body = choices.one_in(2) ? "answered" : ""});
      break;
    case 3:
      verdict = choices.one_in(4) ? context.fail("wild") : filter::Verdict::Continue;
      break;
    case 4:
      verdict = choices.one_in(4) ? filter::Verdict::Finish : filter::Verdict::Continue;
      break;
    case 5:
    case 6:
      context.collect_body(choices.one_in(2) ? 10 : 100'000);
      if (choices.one_in(3)) verdict = pause(context, request);
      break;
    case 7:
      context.stream().request().path = choices.one_in(2) ? "/a" : "/c/x";
      context.reroute();
      break;
    case 8:
      if (data != nullptr) data->append_copy(world_.worker.blocks(), "more");
      break;
    case 9:
      if (data != nullptr) data->clear();
      break;
    case 10:
      world_.disturb();
      break;
    case 11:
      // At a wrong moment, most of the time.
      context.resume_request();
      context.resume_response();
      break;
    case 12:
      if (choices.one_in(2)) context.stream().response().body = http::BodyKind::Chunked;
      break;
    case 13:
      if (choices.one_in(8))
        context.stream().on_connection_gone(filter::EndedBy::Client, filter::Reason::ClientReset);
      break;
    default:
      break;
  }
  --world_.inside;
  return verdict;
}

// Resumed inline, by a task, by a timer, by a later step of the world, or never.
filter::Verdict WildFilter::pause(filter::HttpContext& context, bool request) {
  switch (world_.choices.below(5)) {
    case 0:
      static_cast<void>(request ? context.resume_request() : context.resume_response());
      break;
    case 1:
      world_.worker.loop().post([&world = world_, id = id_, request] {
        const auto found = world.filters.find(id);
        if (found != world.filters.end()) found->second->late(request);
      });
      break;
    case 2:
      timed_request_ = request;
      timer_.arm(1 + world_.choices.below(20));
      break;
    default:
      break;
  }
  return filter::Verdict::Pause;
}

void WildFilter::late(bool request) {
  if (context_ == nullptr || completed_) return;
  switch (world_.choices.below(8)) {
    case 0:
      context_->respond({.status = 503});
      break;
    case 1:
      context_->reroute();
      [[fallthrough]];
    default:
      static_cast<void>(request ? context_->resume_request() : context_->resume_response());
  }
}

void WildFilter::on_route_changed(filter::HttpContext& context) {
  WEIR_CHECK(!completed_);
  ++world_.counts.hooks;
  switch (world_.choices.below(6)) {
    case 0:
      WEIR_CHECK(!context.reroute());
      break;
    case 1:
      context.respond({.status = 421});
      break;
    case 2:
      WEIR_CHECK(!context.collect_body(10) || context_ == &context);
      break;
    default:
      break;
  }
}

void WildFilter::on_complete(filter::HttpContext& context) {
  WEIR_CHECK(!completed_ && world_.inside == 0);
  completed_ = true;
  ++world_.completed;
  ++world_.inside;
  if (world_.choices.one_in(4)) {
    WEIR_CHECK(!context.resume_request() && !context.resume_response());
    WEIR_CHECK(!context.reroute() && !context.collect_body(10));
    context.respond({.status = 500});
  }
  if (world_.choices.one_in(8)) world_.disturb();
  --world_.inside;
}

filter::HttpFilter* WildFactory::join(filter::Stream& stream) const {
  if (world_.choices.one_in(8)) return nullptr;
  if ((hooks() & filter::kOnComplete) != 0) ++world_.joined;
  return stream.arena().make<WildFilter>(world_);
}

}  // namespace weir::test
