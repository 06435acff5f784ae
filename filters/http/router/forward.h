#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/event/timer.h"
#include "core/filter/exchange_record.h"
#include "core/filter/http_filter.h"
#include "core/filter/stream.h"
#include "core/http/hop_by_hop.h"
#include "core/route/route.h"
#include "core/upstream/attempt.h"
#include "core/upstream/cluster_table.h"
#include "core/upstream/http_connection.h"
#include "core/upstream/local_cluster.h"
#include "filters/http/router/body_store.h"
#include "filters/http/router/retry.h"

namespace weir::filters {

// The terminal of streams that go to a cluster: one attempt after the other until one brings a
// response that no retry can follow. Both bodies pass through as they come.
class Forward final : public filter::HttpTerminal,
                      private upstream::Attempt::Owner,
                      private upstream::ResponseHandler {
 public:
  // Of a request's body: what is kept to be sent again, and what waits for a connection.
  static constexpr std::size_t kMaxReplay = 64 * 1024;

  Forward(filter::Stream& stream, const route::Route& route,
          const upstream::ClusterTable& clusters);
  ~Forward() override;

  void on_request(bool end) override;
  void on_request_body(Buffer& data, bool end) override;
  void on_request_trailers(http::HeaderMap& trailers) override;
  void on_response_paused(bool paused) override;
  void on_cancel() override;
  std::size_t memory() const override;

 private:
  static constexpr std::size_t kMaxTried = 8;

  void on_connection(upstream::Attempt& attempt) override;
  void on_no_connection(upstream::Attempt& attempt, filter::Reason why) override;

  http::Response& response() override { return stream_.response(); }
  http::HeaderMap& response_trailers() override { return stream_.response_trailers(); }
  void hold(const BlockRef& block) override { stream_.hold(block); }
  void on_informational() override;
  void on_response_head(bool end) override;
  void on_response_body(Buffer& data, bool end) override;
  void on_response_trailers() override;
  void on_request_drained() override;
  void on_exchange_failed(const upstream::ExchangeFailure& failure) override;

  bool prepare(bool end);
  bool choose_upgrade(bool end);
  bool goes_on();
  void request_complete();
  void send_mirrors();
  // visit(LocalCluster&) of each mirror that is to get the request; forgets them.
  template <typename Visit>
  void take_mirrors(Visit visit);

  void start_attempt(bool fresh);
  void attempt_failed(const AttemptFailure& failure);
  bool try_again(const AttemptFailure& failure);
  std::optional<std::uint32_t> back_off_ms(const AttemptFailure& failure) const;
  bool others_left() const;
  bool send_head();
  void send_pending();
  void send(Buffer& data, bool end);
  void send_request_trailers();
  void broken_framing();
  void fail(filter::Reason why);
  void answer(std::uint16_t status, filter::Reason why);
  void take_timings();
  void record_endpoint();
  void record_attempt(std::string_view result);
  void stop();
  void end_retry();

  void on_timer();
  void note_timeout();
  void arm_timer();

  BodyStore& body();

  filter::Stream& stream_;
  const route::Route& route_;
  const upstream::ClusterTable& clusters_;
  upstream::LocalCluster* cluster_ = nullptr;
  upstream::Attempt attempt_;
  RetryRules rules_;
  event::Timer timer_;
  std::unique_ptr<BodyStore> body_;
  Buffer mirror_body_;
  std::string_view path_;  // as they go upstream
  std::string_view authority_;
  std::array<const upstream::EndpointState*, kMaxTried> tried_;
  std::uint32_t tried_count_ = 0;
  std::uint32_t attempt_capacity_ = 0;
  filter::Attempt* attempts_ = nullptr;
  std::uint64_t attempt_began_us_ = 0;
  std::uint64_t sent_us_ = 0;
  // On the loop's clock, 0 for none.
  std::uint64_t timeout_at_ = 0;
  std::uint64_t try_ends_at_ = 0;
  std::uint64_t retry_at_ = 0;
  std::uint64_t mirrors_ = 0;       // which of the route's mirrors, as bits
  http::NamedFields named_fields_;  // by Connection of the response
  bool has_trailers_ = false;
  bool body_given_ = false;   // some of the body went to the connection of this attempt
  bool replay_lost_ = false;  // the body was larger than what is kept
  bool request_ended_ = false;
  bool responding_ = false;  // the response head was passed on
  bool tunnel_ = false;
  bool retrying_ = false;  // holds a place in the cluster's retry budget
  bool stopped_ = false;
};

}  // namespace weir::filters
