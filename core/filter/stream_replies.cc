#include <string>

#include "core/filter/stream_internals.h"
#include "core/http/status.h"

// Answers that Weir or a filter makes in place of upstream.
namespace weir::filter {
namespace {

EndedBy ended_by(Reason why) {
  switch (why) {
    case Reason::ConnectFailed:
    case Reason::ConnectTimeout:
    case Reason::StarttlsRefused:
    case Reason::UpstreamReset:
    case Reason::UpstreamTimeout:
    case Reason::UpstreamInvalid:
    case Reason::UpstreamCut:
      return EndedBy::Upstream;
    case Reason::BadRequest:
    case Reason::HeadTooLarge:
    case Reason::HeaderTimeout:
    case Reason::ClientReset:
    case Reason::ClientTimeout:
      return EndedBy::Client;
    default:
      return EndedBy::Weir;
  }
}

}  // namespace

// Keeps a reply until no hook runs: the copy lives in the arena.
void Stream::queue_reply(const LocalReply& reply, HttpContext* author, std::uint32_t position) {
  if (stopped()) return;
  auto* copy = arena_.make<LocalReply>(reply);
  copy->body = arena_.copy(reply.body);
  copy->content_type = arena_.copy(reply.content_type);
  using Field = std::pair<std::string_view, std::string_view>;
  auto* fields = static_cast<Field*>(
      arena_.allocate(sizeof(Field) * reply.headers.size() + 1, alignof(Field)));
  for (std::size_t i = 0; i < reply.headers.size(); ++i) {
    new (fields + i)
        Field(arena_.copy(reply.headers[i].first), arena_.copy(reply.headers[i].second));
  }
  copy->headers = std::span(fields, reply.headers.size());
  queued_reply_ = copy;
  reply_author_ = author;
  if (author == nullptr) {
    reply_position_ = position;
  } else {
    reply_position_ = response_lane_.entered ? joined_count_ - author->index_ : 0;
  }
}

void Stream::run_queued() {
  for (;;) {
    if (queued_reply_ != nullptr) {
      send_reply();
    } else if (resume_request_ != nullptr) {
      resume<Direction::Request>(*std::exchange(resume_request_, nullptr));
    } else if (resume_response_ != nullptr) {
      resume<Direction::Response>(*std::exchange(resume_response_, nullptr));
    } else {
      return;
    }
  }
}

void Stream::send_reply() {
  const LocalReply& reply = *queued_reply_;
  queued_reply_ = nullptr;
  if (over_) return;
  answered_here_ = true;
  record_.why = reply.why;
  record_.ended_by = ended_by(reply.why);
  if (reply_author_ != nullptr) {
    record_.ended_by = EndedBy::Filter;
    record_.filter = reply_author_->name();
  }
  cancel_terminal();
  if (head_sent_) {
    sink_->abort();
    end_exchange();
    return;
  }
  // What still comes of the request is dropped; its source need not wait.
  request_lane_.waiting.clear();
  request_lane_.piece.clear();
  request_lane_.collected.clear();
  request_lane_.held = Lane::Held::None;
  request_lane_.collector = Lane::kNobody;
  request_lane_.dead = true;
  if (request_lane_.pauses != 0) {
    request_lane_.pauses = 0;
    sink_->pause_request(false);
  }
  response_lane_.forget();
  response_lane_.entered = true;
  response_.forget();
  response_.status = reply.status;
  std::string_view content_type;
  const std::string_view body = reply_body(reply, content_type);
  const bool bodiless = reply.status == 204 || reply.status == 304 || body.empty();
  response_.body = bodiless ? http::BodyKind::None : http::BodyKind::Length;
  response_.content_length = bodiless ? 0 : body.size();
  for (const auto& [name, value] : reply.headers) response_.headers.add(name, value);
  if (!bodiless && !response_.headers.has(http::HeaderId::ContentType)) {
    response_.headers.add_view(http::HeaderId::ContentType, content_type);
  }
  const auto told = chain_->settings.local_replies.reason;
  if (told == LocalReplies::ReasonHeader::All ||
      (told == LocalReplies::ReasonHeader::Trusted && client_trusted_)) {
    response_.headers.add_view(http::HeaderId::XWeirReason, to_string(reply.why));
  }
  response_lane_.head_end = response_lane_.source_ended = bodiless;
  if (!bodiless) {
    response_lane_.waiting.append_copy(reactor_.blocks(), body);
    response_lane_.waiting_end = response_lane_.source_ended = true;
  }
  response_lane_.waiting_from = reply_position_;
  run_response_head(reply_position_);
  release_waiting<Direction::Response>();
}

std::string_view Stream::reply_body(const LocalReply& reply, std::string_view& content_type) {
  content_type = reply.content_type.empty() ? "text/plain; charset=utf-8" : reply.content_type;
  if (!reply.body.empty()) return reply.body;
  if (reply.status < 400) return {};
  const LocalReplies::Body* configured = chain_->settings.local_replies.find(reply.status);
  if (configured != nullptr) {
    content_type = configured->content_type;
    view_.response = &response_;
    return configured->text.render(view_, arena_);
  }
  std::string line = std::to_string(reply.status);
  line += ' ';
  line += http::reason_phrase(reply.status);
  line += '\n';
  return arena_.copy(line);
}

}  // namespace weir::filter
