#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/timer.h"
#include "core/filter/downstream.h"
#include "core/filter/exchange_id.h"
#include "core/filter/exchange_record.h"
#include "core/net/connection.h"
#include "core/upstream/attempt.h"
#include "core/upstream/local_cluster.h"
#include "filters/network/tcp_proxy/tcp_proxy.h"

namespace weir::filters {

// One client's connection and its other half at an endpoint. Ends when both directions ended; a
// half that breaks resets the other, so that what was cut cannot look complete.
class TcpSession final : public filter::NetworkTerminal, private upstream::Attempt::Owner {
 public:
  TcpSession(filter::Downstream& downstream, const TcpProxySettings& settings,
             const upstream::Cluster& cluster);
  ~TcpSession() override;

  void on_open() override;
  void on_data(Buffer& data) override;
  void on_data_end() override;
  void on_output_drained() override;
  // The peers do not know of it: what is open ends by itself.
  void on_drain(filter::Drain drain) override {
    if (drain == filter::Drain::Over) downstream_.cut();
  }
  std::size_t memory() const override;
  std::uint8_t response_pauses() const override {
    return upstream_ == nullptr ? std::uint8_t{0} : upstream_->connection.pause_reasons();
  }
  void on_close(net::CloseReason reason) override;

 private:
  static constexpr std::size_t kMaxTried = 8;

  // The connection to the endpoint and its events.
  struct Upstream final : net::Connection::Owner {
    Upstream(TcpSession& owner, std::unique_ptr<net::Transport> transport);

    void on_input() override;
    void on_input_end() override;
    void on_output_drained() override;
    void on_closed(net::CloseReason reason) override;

    TcpSession& session;
    net::Connection connection;
  };

  void on_connection(upstream::Attempt& attempt) override;
  void on_no_connection(upstream::Attempt& attempt, filter::Reason why) override;
  // Begins to connect; the client waits for that.
  void begin();
  void start_attempt();
  void record_attempt(std::string_view result);
  void direction_ended();
  void abort(filter::EndedBy by, filter::Reason why);
  void idle_check();
  void report();

  filter::Downstream& downstream_;
  const TcpProxySettings& settings_;
  const upstream::Cluster& configured_;
  event::AnyUse snapshot_;  // whose settings and cluster these are
  upstream::LocalCluster& cluster_;
  upstream::Attempt attempt_;
  std::unique_ptr<Upstream> upstream_;
  event::Timer idle_timer_;
  Buffer pending_;  // came before there was a connection
  std::array<const upstream::EndpointState*, kMaxTried> tried_;
  std::uint32_t tried_count_ = 0;
  std::vector<filter::Attempt> attempts_;
  std::vector<std::string> endpoints_;  // by attempt
  std::array<char, filter::kExchangeIdSize> id_;
  filter::ExchangeRecord record_;
  std::uint64_t began_us_;
  std::uint64_t attempt_began_ms_ = 0;
  bool begun_ = false;
  bool starttls_ = false;  // the endpoint has to agree to it
  bool client_ended_ = false;
  bool upstream_ended_ = false;
  bool over_ = false;
};

}  // namespace weir::filters
