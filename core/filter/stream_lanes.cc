#include <algorithm>

#include "core/filter/stream_internals.h"

// How a message moves through the filters of its direction.
namespace weir::filter {

void Stream::choose_route() {
  choice_ = chain_->routes == nullptr ? route::RouteTable::Choice() : chain_->routes->find(view_);
  const route::Route* route = choice_.route;
  view_.route = route == nullptr ? std::string_view() : std::string_view(route->name);
  list_ = &chain_->filters_for(route);
  const auto idle = route == nullptr ? chain_->settings.idle_timeout : route->idle_timeout;
  idle_ms_ = static_cast<std::uint64_t>(idle.count());
  idle_timer_.cancel();
  total_timer_.cancel();
  if (idle_ms_ != 0) idle_timer_.arm(idle_ms_);
  if (route != nullptr && route->total_timeout.count() != 0) {
    const std::uint64_t spent = (now_us() - began_us_) / 1'000;
    const auto total = static_cast<std::uint64_t>(route->total_timeout.count());
    total_timer_.arm(total > spent ? total - spent : 0);
  }
}

// The next filter of the list that wants this stream, or null when it declined.
HttpContext* Stream::join_next() {
  const FilterList::Entry item = list_->entries[list_position_++];
  reached_order_ = item.order;
  HttpFilter* filter = item.item->factory->join(*this);
  if (filter == nullptr) return nullptr;
  if (joined_count_ == joined_capacity_) {
    joined_capacity_ = std::max<std::uint32_t>(8, joined_capacity_ * 2);
    auto** larger = static_cast<HttpContext**>(
        arena_.allocate(joined_capacity_ * sizeof(HttpContext*), alignof(HttpContext*)));
    std::copy_n(joined_, joined_count_, larger);
    joined_ = larger;
  }
  auto* context = new (arena_.allocate(sizeof(HttpContext), alignof(HttpContext)))
      HttpContext(*this, item, joined_count_);
  context->filter_ = filter;
  joined_[joined_count_++] = context;
  return context;
}

template <Stream::Direction kDirection>
bool Stream::stops(Verdict verdict, std::uint32_t position, Lane::Held what) {
  if (stopped()) return true;
  Lane& here = lane<kDirection>();
  HttpContext*& resumed = kDirection == Direction::Request ? resume_request_ : resume_response_;
  const bool was_resumed = resumed == filter_at<kDirection>(position);
  if (was_resumed) resumed = nullptr;
  switch (verdict) {
    case Verdict::Continue:
      if (was_resumed) violation();
      break;
    case Verdict::Finish: {
      // Finish says that the filter answered; it did not.
      violation();
      queue_reply({.status = 500, .why = Reason::FilterFailed}, filter_at<kDirection>(position));
      return true;
    }
    case Verdict::Pause:
      if (was_resumed) break;
      here.held = what;
      here.at = position;
      set_pause<kDirection>(kFilter, true);
      return true;
  }
  return what == Lane::Held::Head && here.collector == position;
}

void Stream::run_request_head() {
  while (list_position_ < list_->entries.size()) {
    HttpContext* context = join_next();
    if (stopped()) return;
    if (context == nullptr) continue;
    if ((context->entry_.item->factory->hooks() & kOnRequest) == 0) continue;
    head_hook_ = context;
    head_direction_ = Direction::Request;
    const Verdict verdict =
        context->filter_->on_request(*context, request_, request_lane_.head_end);
    head_hook_ = nullptr;
    if (stops<Direction::Request>(verdict, context->index_, Lane::Held::Head)) return;
  }
  request_lane_.head_passed = true;
  record_.us.filters = static_cast<std::uint32_t>(now_us() - began_us_) - record_.us.head;
  terminal_ = chain_->terminal->create(*this);
  // Said before, since a terminal may answer at once, and with a 101 the request goes on.
  if (request_lane_.head_end) request_lane_.ended = true;
  terminal_->on_request(request_lane_.head_end);
}

void Stream::run_response_head(std::uint32_t position) {
  view_.response = &response_;
  for (; HttpContext* context = filter_at<Direction::Response>(position); ++position) {
    if (context == reply_author_) continue;
    if ((context->entry_.item->factory->hooks() & kOnResponse) == 0) continue;
    head_hook_ = context;
    head_direction_ = Direction::Response;
    const Verdict verdict =
        context->filter_->on_response(*context, response_, response_lane_.head_end);
    head_hook_ = nullptr;
    if (stops<Direction::Response>(verdict, position, Lane::Held::Head)) return;
  }
  response_lane_.head_passed = true;
  head_sent_ = true;
  record_.status = response_.status;
  if (response_.status == 101) {
    tunnel_ = true;
    request_lane_.source_ended = request_lane_.ended = request_lane_.head_end = false;
  }
  sink_->send_head(response_, response_lane_.head_end);
  if (tunnel_) sink_->start_tunnel();
  if (response_lane_.head_end) end_response();
}

// Returns true when the filter at `position` takes the piece into its collection.
template <Stream::Direction kDirection>
bool Stream::collect(std::uint32_t position, Buffer& data, bool end) {
  Lane& here = lane<kDirection>();
  if (here.collector != position) return false;
  here.collected.append(data);
  if (here.collected.size() > here.collect_limit) {
    if constexpr (kDirection == Direction::Request) {
      queue_reply({.status = 413, .why = Reason::BodyTooLarge});
    } else {
      queue_reply({.status = 502, .why = Reason::BodyTooLarge}, nullptr, position + 1);
    }
  } else if (end) {
    end_collection<kDirection>(position, true);
  }
  return true;
}

// The whole body is there: the collector sees it as one piece, then the head goes on, then it.
template <Stream::Direction kDirection>
void Stream::end_collection(std::uint32_t position, bool end) {
  Lane& here = lane<kDirection>();
  here.collector = Lane::kNobody;
  Buffer body = std::move(here.collected);
  HttpContext* context = filter_at<kDirection>(position);
  constexpr bool kRequest = kDirection == Direction::Request;
  if ((context->entry_.item->factory->hooks() & (kRequest ? kOnRequestBody : kOnResponseBody)) !=
      0) {
    const Verdict verdict = kRequest ? context->filter_->on_request_body(*context, body, end)
                                     : context->filter_->on_response_body(*context, body, end);
    if (stops<kDirection>(verdict, position, Lane::Held::Body)) {
      here.piece = std::move(body);
      here.piece_end = end;
      return;
    }
  }
  here.waiting = std::move(body);
  here.waiting_from = position + 1;
  here.waiting_end = end;
  go_on_with_head<kDirection>(position + 1);
}

// The head goes on behind `position`, then what waits behind it.
template <Stream::Direction kDirection>
void Stream::go_on_with_head(std::uint32_t position) {
  if constexpr (kDirection == Direction::Request) {
    run_request_head();
  } else {
    run_response_head(position);
  }
  release_waiting<kDirection>();
}

template <Stream::Direction kDirection>
void Stream::run_body(std::uint32_t position, Buffer& data, bool end) {
  constexpr bool kRequest = kDirection == Direction::Request;
  Lane& here = lane<kDirection>();
  for (; HttpContext* context = filter_at<kDirection>(position); ++position) {
    if (!kRequest && context == reply_author_) continue;
    if (collect<kDirection>(position, data, end)) return;
    if ((context->entry_.item->factory->hooks() & (kRequest ? kOnRequestBody : kOnResponseBody)) ==
        0) {
      continue;
    }
    const Verdict verdict = kRequest ? context->filter_->on_request_body(*context, data, end)
                                     : context->filter_->on_response_body(*context, data, end);
    if (stops<kDirection>(verdict, position, Lane::Held::Body)) {
      here.piece = std::move(data);
      here.piece_end = end;
      return;
    }
  }
  if (data.empty() && !end) return;
  if constexpr (kRequest) {
    if (end) here.ended = true;
    terminal_->on_request_body(data, end);
    if (end && tunnel_ && response_lane_.ended) end_response();
  } else {
    sink_->send_body(data, end);
    if (end) end_response();
  }
}

template <Stream::Direction kDirection>
void Stream::run_trailers(std::uint32_t position) {
  constexpr bool kRequest = kDirection == Direction::Request;
  Lane& here = lane<kDirection>();
  http::HeaderMap& trailers = kRequest ? request_trailers_ : response_trailers_;
  for (; HttpContext* context = filter_at<kDirection>(position); ++position) {
    if (!kRequest && context == reply_author_) continue;
    if (here.collector == position) {
      here.waiting_trailers = true;
      here.trailers_from = position;
      end_collection<kDirection>(position, false);
      return;
    }
    if ((context->entry_.item->factory->hooks() &
         (kRequest ? kOnRequestTrailers : kOnResponseTrailers)) == 0) {
      continue;
    }
    const Verdict verdict = kRequest ? context->filter_->on_request_trailers(*context, trailers)
                                     : context->filter_->on_response_trailers(*context, trailers);
    if (stops<kDirection>(verdict, position, Lane::Held::Trailers)) return;
  }
  if constexpr (kRequest) {
    here.ended = true;
    terminal_->on_request_trailers(trailers);
  } else {
    sink_->send_trailers(trailers);
    end_response();
  }
}

template <Stream::Direction kDirection>
void Stream::take_body(Buffer& data, bool end) {
  Lane& here = lane<kDirection>();
  touch();
  if (end) here.source_ended = true;
  if (stopped() || here.dead) {
    data.clear();
  } else if (here.holding() || !here.waiting.empty() ||
             (!here.head_passed && here.collector == Lane::kNobody)) {
    here.waiting.append(data);
    here.waiting_end = end;
  } else {
    run_body<kDirection>(0, data, end);
    data.clear();
  }
}

template <Stream::Direction kDirection>
void Stream::take_trailers() {
  Lane& here = lane<kDirection>();
  touch();
  here.source_ended = true;
  if (stopped() || here.dead) return;
  if (here.holding() || !here.waiting.empty() ||
      (!here.head_passed && here.collector == Lane::kNobody)) {
    here.waiting_trailers = true;
  } else {
    run_trailers<kDirection>(0);
  }
}

template <Stream::Direction kDirection>
void Stream::release_waiting() {
  Lane& here = lane<kDirection>();
  if (stopped() || here.dead || here.holding()) return;
  if (!here.head_passed && here.collector == Lane::kNobody) return;
  if (!here.waiting.empty() || here.waiting_end) {
    Buffer data = std::move(here.waiting);
    const std::uint32_t from = here.waiting_from;
    const bool end = here.waiting_end;
    here.waiting_from = 0;
    here.waiting_end = false;
    run_body<kDirection>(from, data, end);
  }
  if (here.waiting_trailers && !stopped() && !here.holding() && here.waiting.empty()) {
    const std::uint32_t from = here.trailers_from;
    here.waiting_trailers = false;
    here.trailers_from = 0;
    run_trailers<kDirection>(from);
  }
}

template <Stream::Direction kDirection>
void Stream::resume(HttpContext& by) {
  Lane& here = lane<kDirection>();
  if (stopped() || here.dead) return;
  if (!here.holding() || filter_at<kDirection>(here.at) != &by) {
    violation();
    return;
  }
  const Lane::Held held = here.held;
  const std::uint32_t next = here.at + 1;
  here.held = Lane::Held::None;
  touch();
  switch (held) {
    case Lane::Held::None:
      break;
    case Lane::Held::Head:
      if (here.collector == here.at) {
        // It collects the body too, and the head waits for that.
        release_waiting<kDirection>();
      } else {
        go_on_with_head<kDirection>(next);
      }
      break;
    case Lane::Held::Body: {
      Buffer piece = std::move(here.piece);
      if (!here.head_passed && here.collector == Lane::kNobody) {
        // Its collector held it back: the head goes on first.
        here.waiting = std::move(piece);
        here.waiting_from = next;
        here.waiting_end = here.piece_end;
        go_on_with_head<kDirection>(next);
      } else {
        run_body<kDirection>(next, piece, here.piece_end);
        release_waiting<kDirection>();
      }
      break;
    }
    case Lane::Held::Trailers:
      run_trailers<kDirection>(next);
      break;
  }
  if (!here.holding()) set_pause<kDirection>(kFilter, false);
}

template <Stream::Direction kDirection>
void Stream::set_pause(Pause pause, bool on) {
  Lane& here = lane<kDirection>();
  const std::uint8_t before = here.pauses;
  here.pauses = static_cast<std::uint8_t>(on ? before | pause : before & ~pause);
  if (over_ || (before == 0) == (here.pauses == 0)) return;
  if constexpr (kDirection == Direction::Request) {
    sink_->pause_request(here.pauses != 0);
  } else if (terminal_ != nullptr && !terminal_done_) {
    terminal_->on_response_paused(here.pauses != 0);
  }
}

void Stream::end_response() {
  response_lane_.ended = true;
  if (tunnel_) {
    if (!request_lane_.ended) return;
    terminal_done_ = true;
  }
  end_exchange();
}

template void Stream::take_body<Stream::Direction::Request>(Buffer&, bool);
template void Stream::take_body<Stream::Direction::Response>(Buffer&, bool);
template void Stream::take_trailers<Stream::Direction::Request>();
template void Stream::take_trailers<Stream::Direction::Response>();
template void Stream::release_waiting<Stream::Direction::Request>();
template void Stream::release_waiting<Stream::Direction::Response>();
template void Stream::resume<Stream::Direction::Request>(HttpContext&);
template void Stream::resume<Stream::Direction::Response>(HttpContext&);
template void Stream::set_pause<Stream::Direction::Request>(Pause, bool);
template void Stream::set_pause<Stream::Direction::Response>(Pause, bool);

}  // namespace weir::filter
