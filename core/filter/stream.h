#pragma once

#include <cstdint>
#include <span>

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/event/reactor.h"
#include "core/filter/chain_host.h"
#include "core/filter/connection_info.h"
#include "core/filter/http_context.h"
#include "core/filter/http_sink.h"
#include "core/filter/lane.h"
#include "core/filter/local_reply.h"
#include "core/http/message.h"
#include "core/http/variables.h"
#include "core/net/connection.h"
#include "core/route/exchange_view.h"

namespace weir::filter {

class StreamPool;

// One HTTP request and its response on their way through a chain of filters: the host that runs
// the hooks and enforces their contract. The session of the client's connection feeds it the
// request and takes the response; the terminal filter brings the response. All memory of the
// exchange is its arena and the blocks it holds; streams are reused. Worker thread.
//
// A stream ends when its response was handed to the sink completely (after an upgrade: when both
// directions ended), or when it was aborted. The end comes at the end of the turn: on_complete
// hooks, the record, HttpSink::stream_over(), and then the stream belongs to its pool again.
class Stream final : private event::TurnEnd {
 public:
  // Why a source is paused; each bit has one owner.
  enum Pause : std::uint8_t {
    kFilter = net::kPausedByFilter,  // a filter holds
    // The terminal (request) or the sink (response) takes no more for now.
    kOutput = net::kPausedByOutput,
  };

  // --- for the session -------------------------------------------------------------------------
  // A stream that begins now, on `host`'s reactor. `info` and `host` outlive it.
  static Stream& begin(event::Reactor& reactor, HttpSink& sink, ChainHost& host,
                       const ConnectionInfo& info);
  // The head is in request(): chooses the Snapshot and route, and runs the filters. The blocks
  // that its views point to are kept with hold().
  void on_request_head(bool end);
  void on_request_body(Buffer& data, bool end);
  void on_request_trailers();  // in request_trailers()
  // Answers a request that breaks the protocol or came too late, before or after its head went to
  // the filters. The terminal is cancelled.
  void reject(const LocalReply& reply);
  // The response cannot be sent on: cancels the terminal and ends what was sent as cut.
  void abort(EndedBy by, Reason why);
  // Nothing can be sent to the client any more: it went away or broke the protocol in the middle of
  // its body, or Weir closed the connection.
  void on_connection_gone(EndedBy by, Reason why);
  // The sink's output is full, or drained.
  void pause_response(bool paused);
  void hold(const BlockRef& block);

  // --- for the terminal ------------------------------------------------------------------------
  void respond_informational();  // in response(), which it may then fill anew
  // In response(). After a 101 bytes pass both ways as body, and the request goes on.
  void respond_head(bool end);
  void respond_body(Buffer& data, bool end);
  void respond_trailers();  // in response_trailers()
  // A reply by Weir itself, through the response hooks of all filters that joined.
  void reply(const LocalReply& reply);
  // The response cannot be completed.
  void cut(EndedBy by, Reason why);
  void pause_request(bool paused);

  // --- for all ---------------------------------------------------------------------------------
  event::Reactor& reactor() { return reactor_; }
  Arena& arena() { return arena_; }
  http::Request& request() { return request_; }
  http::HeaderMap& request_trailers() { return request_trailers_; }
  http::Response& response() { return response_; }
  http::HeaderMap& response_trailers() { return response_trailers_; }
  http::Variables& vars() { return vars_; }
  const route::ExchangeView& view() const { return view_; }
  route::ExchangeView& view() { return view_; }
  const ConnectionInfo& connection() const { return *info_; }
  const HttpChain& chain() const { return *chain_; }
  const route::Route* route() const { return choice_.route; }
  std::string_view matched_prefix() const { return choice_.matched_prefix; }
  // What the log will say; the terminal fills in its part.
  ExchangeRecord& record() { return record_; }
  // Microseconds of the loop's clock: of this turn while no filter has joined, of this moment when
  // one may have taken its time.
  std::uint64_t now_us() const {
    return joined_count_ == 0 ? reactor_.loop().turn_us() : event::Loop::clock_us();
  }
  bool request_complete() const { return request_lane_.source_ended; }
  bool over() const { return over_; }
  bool tunnel() const { return tunnel_; }
  // Bytes of the arena and of what waits in either direction, about.
  std::size_t memory() const;
  // Of the response, as Pause.
  std::uint8_t response_pauses() const { return response_lane_.pauses; }
  // The response is Weir's or a filter's own, and not upstream's.
  bool answered_here() const { return answered_here_; }
  // Whether the peer is one of trusted_proxies; set by the session.
  bool client_trusted() const { return client_trusted_; }
  void set_client_trusted(bool trusted) { client_trusted_ = trusted; }
  // The client as trusted proxies name it; set by the session before the head.
  void set_client(const net::Address& client);
  // Whether the connection should end with this exchange.
  bool draining() const { return host_->draining; }

 private:
  friend class HttpContext;
  friend class StreamPool;

  Stream(event::Reactor& reactor, StreamPool& pool);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Where a message is: hooks run in list order for requests, in reverse for responses.
  enum class Direction : std::uint8_t { Request, Response };
  struct Entry;  // counts calls into the stream, and runs what was queued when the last returns

  template <Direction>
  Lane& lane();
  // The filter behind `position` others, in the order of the direction; null behind the last.
  template <Direction>
  HttpContext* filter_at(std::uint32_t position);

  void on_turn_end() override;
  void choose_route();
  HttpContext* join_next();
  // Each runs what is behind `position` until the end of the lane or a filter that holds.
  void run_request_head();
  void run_response_head(std::uint32_t position);
  template <Direction>
  void run_body(std::uint32_t position, Buffer& data, bool end);
  template <Direction>
  void run_trailers(std::uint32_t position);
  template <Direction>
  void take_body(Buffer& data, bool end);
  template <Direction>
  void take_trailers();
  template <Direction>
  bool collect(std::uint32_t position, Buffer& data, bool end);
  template <Direction>
  void end_collection(std::uint32_t position, bool end);
  template <Direction>
  void resume(HttpContext& by);
  template <Direction>
  void go_on_with_head(std::uint32_t position);
  template <Direction>
  void release_waiting();
  template <Direction>
  void set_pause(Pause pause, bool on);
  void end_response();
  // Whether the lane stops at this filter, after its hook returned `verdict`.
  template <Direction>
  bool stops(Verdict verdict, std::uint32_t position, Lane::Held what);
  bool stopped() const { return over_ || queued_reply_ != nullptr; }
  template <Direction>
  bool may_resume(const HttpContext& by);
  bool may_collect(const HttpContext& by);
  void send_continue();

  // `position` is where the reply enters the response lane when no filter is its author. The author
  // never sees it; on the way back the reply goes on behind its author.
  void queue_reply(const LocalReply& reply, HttpContext* author = nullptr,
                   std::uint32_t position = 0);
  void run_queued();
  void send_reply();
  std::string_view reply_body(const LocalReply& reply, std::string_view& content_type);
  void cancel_terminal();
  void break_response(EndedBy by, Reason why);
  void end_exchange();
  void idle_check();
  void total_over();
  void touch() { last_activity_ms_ = reactor_.loop().now(); }
  void reset();

  event::Reactor& reactor_;
  StreamPool& pool_;
  Arena arena_;
  http::Request request_;
  http::HeaderMap request_trailers_;
  http::Response response_;
  http::HeaderMap response_trailers_;
  http::Variables vars_;
  route::ExchangeView view_;
  ExchangeRecord record_;
  route::RouteTable::Choice choice_;
  HttpSink* sink_ = nullptr;
  ChainHost* host_ = nullptr;
  const HttpChain* chain_ = nullptr;
  const ConnectionInfo* info_ = nullptr;
  net::Address client_;
  HttpTerminal* terminal_ = nullptr;
  const FilterList* list_ = nullptr;
  HttpContext** joined_ = nullptr;
  std::uint32_t joined_count_ = 0;
  std::uint32_t joined_capacity_ = 0;
  std::uint32_t list_position_ = 0;
  std::uint32_t reached_order_ = 0;  // of the last filter that was asked to join
  event::AnyUse snapshot_;
  Buffer held_blocks_;
  Lane request_lane_;
  Lane response_lane_;
  event::Timer idle_timer_;
  event::Timer total_timer_;
  std::uint64_t last_activity_ms_ = 0;
  std::uint64_t idle_ms_ = 0;
  std::uint64_t began_us_ = 0;
  const LocalReply* queued_reply_ = nullptr;
  HttpContext* reply_author_ = nullptr;
  std::uint32_t reply_position_ = 0;
  HttpContext* resume_request_ = nullptr;  // resumes that wait for a hook to return
  HttpContext* resume_response_ = nullptr;
  HttpContext* head_hook_ = nullptr;  // whose on_request or on_response runs now
  Direction head_direction_ = Direction::Request;
  std::uint32_t depth_ = 0;
  bool rerouting_ = false;
  bool terminal_done_ = false;
  bool head_sent_ = false;
  bool over_ = false;
  bool upgraded_ = false;  // the terminal answered with 101
  bool tunnel_ = false;    // and that has left
  bool client_trusted_ = false;
  bool answered_here_ = false;
};

}  // namespace weir::filter
