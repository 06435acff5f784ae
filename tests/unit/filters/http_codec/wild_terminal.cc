#include "tests/unit/filters/http_codec/wild_terminal.h"

#include <algorithm>
#include <array>

#include "tests/unit/filters/http_codec/wild_world.h"

namespace weir::test {

WildTerminal::WildTerminal(WildWorld& world, filter::Stream& stream)
    : world_(world), stream_(stream) {
  world_.terminals.push_back(this);
}

WildTerminal::~WildTerminal() {
  WEIR_CHECK(world_.inside == 0);
  // Nobody forgets to tell it.
  WEIR_CHECK(cancelled_ || done_);
  std::erase(world_.terminals, this);
}

void WildTerminal::on_request(bool end) {
  WEIR_CHECK(!cancelled_ && !request_ended_);
  request_ended_ = end;
  if (world_.choices.one_in(3)) step();
}

void WildTerminal::on_request_body(Buffer& data, bool end) {
  WEIR_CHECK(!cancelled_ && !request_ended_);
  data.clear();
  request_ended_ = end;
  if (tunnel_ && end && left_ == 0) done_ = true;
  if (world_.choices.one_in(3)) step();
}

void WildTerminal::on_request_trailers(http::HeaderMap&) {
  WEIR_CHECK(!cancelled_ && !request_ended_);
  request_ended_ = true;
  if (world_.choices.one_in(3)) step();
}

void WildTerminal::step() {
  if (cancelled_ || done_) return;
  Choices& choices = world_.choices;
  switch (choices.below(10)) {
    case 0:
      if (head_) break;
      stream_.response().headers.clear();
      stream_.response().status = 103;
      stream_.respond_informational();
      break;
    case 1:
      if (!choices.one_in(6)) break;
      done_ = true;
      stream_.cut(filter::EndedBy::Upstream, filter::Reason::UpstreamCut);
      break;
    case 2:
      paused_ = !paused_;
      stream_.pause_request(paused_);
      break;
    case 3:
      if (head_ || !choices.one_in(6)) break;
      done_ = true;
      stream_.reply({.status = 503, .why = filter::Reason::NoEndpoint});
      break;
    case 4:
      if (!head_ || tunnel_ || left_ == 0) break;
      done_ = true;
      stream_.response_trailers().add("x-sum", "1");
      stream_.respond_trailers();
      break;
    default:
      if (!head_) {
        begin_response();
      } else {
        send_body();
      }
  }
}

void WildTerminal::begin_response() {
  Choices& choices = world_.choices;
  http::Response& response = stream_.response();
  response.headers.clear();
  response.reason = {};
  response.body = http::BodyKind::None;
  response.content_length = 0;
  constexpr std::array<std::uint16_t, 6> kStatus = {200, 200, 200, 204, 304, 500};
  response.status = kStatus[choices.below(kStatus.size())];
  bool end = choices.one_in(5);
  if (!stream_.request().upgrade.empty() && choices.one_in(2)) {
    // Now and then too early, which ends in a 502.
    response.status = 101;
    response.upgrade = "websocket";
    end = false;
    tunnel_ = request_ended_;
    done_ = !request_ended_;
  } else if (!end && choices.one_in(2)) {
    response.body = http::BodyKind::Length;
    left_ = response.content_length = 1 + choices.below(200);
  } else if (!end) {
    response.body = http::BodyKind::Chunked;
  }
  head_ = true;
  if (tunnel_) request_ended_ = false;
  if (end) {
    done_ = true;
    ++world_.counts.complete_responses;
  }
  stream_.respond_head(end);
}

void WildTerminal::send_body() {
  Choices& choices = world_.choices;
  if (tunnel_ && left_ == 0) return;
  std::size_t size = choices.below(100);
  if (choices.one_in(8)) size *= 1'000;
  bool end = choices.one_in(3);
  if (left_ != UINT64_MAX && !choices.one_in(16)) {
    // As long as it was promised to be, most of the time.
    size = std::min<std::uint64_t>(size, left_);
    if (end) size = left_;
    left_ -= size;
    end = end || left_ == 0;
  }
  if (end && tunnel_) {
    left_ = 0;
    done_ = request_ended_;
  } else if (end) {
    done_ = true;
    ++world_.counts.complete_responses;
  }
  Buffer data;
  data.append_copy(world_.worker.blocks(), std::string(size, 'r'));
  stream_.respond_body(data, end);
}

}  // namespace weir::test
