#include "core/upstream/endpoint_pool.h"

#include <cerrno>
#include <utility>

#include "core/base/log.h"
#include "core/upstream/attempt.h"
#include "core/upstream/connecting.h"
#include "core/upstream/local_cluster.h"
#include "core/upstream/proxy_header.h"

namespace weir::upstream {
namespace {

LogLimit connect_failures{std::chrono::seconds(1)};

bool is_shortage(const Error& error) {
  return error.code == EMFILE || error.code == ENFILE;
}

}  // namespace

EndpointPool::EndpointPool(LocalCluster& cluster, EndpointState& endpoint)
    : cluster_(cluster),
      endpoint_(*endpoint.generation, cluster.reactor()),
      idle_timer_(event::Timer::of<&EndpointPool::close_idle_for_too_long>(
          cluster.reactor().loop().timers(), this)) {}

EndpointPool::~EndpointPool() = default;

bool EndpointPool::draining() const {
  return cluster_.closing() || (endpoint_->flags.load(std::memory_order_relaxed) &
                                (EndpointState::kRemoved | EndpointState::kDown)) != 0;
}

bool EndpointPool::fits(const HttpConnection& connection, const Attempt& attempt) const {
  if (cluster_.spec().proxy_protocol == ProxyProtocol::None) return true;
  const Attempt::Options& options = attempt.options_;
  const HttpConnection::Proxied* proxied = connection.proxied();
  return proxied != nullptr && options.client != nullptr && proxied->first == *options.client &&
         proxied->second == *options.local;
}

HttpConnection* EndpointPool::find_idle(const Attempt& attempt) {
  HttpConnection* connection = idle_.front();
  while (connection != nullptr) {
    HttpConnection& candidate = *connection;
    connection = idle_.next(candidate);
    if (!fits(candidate, attempt)) continue;
    if (candidate.untouched(!attempt.options_.replayable)) return &candidate;
    candidate.close();
  }
  return nullptr;
}

void EndpointPool::lease(HttpConnection& connection, Attempt& attempt) {
  remove_idle(connection);
  connection.set_attempt(&attempt);
  attempt.connected(connection, true);
}

filter::Reason EndpointPool::connect(Attempt& attempt) {
  auto socket = net::start_connect(endpoint_->address, cluster_.spec().keepalive);
  // Whoever is served now needs a descriptor more than a connection that waits for somebody.
  while (!socket && is_shortage(socket.error()) && cluster_.make_descriptor()) {
    socket = net::start_connect(endpoint_->address, cluster_.spec().keepalive);
  }
  if (!socket) {
    log(connect_failures, LogLevel::Warning, "upstream", "cluster {}: {}", cluster_.state().name,
        socket.error().message);
    cluster_.counters().connections_failed.add();
    cluster_.free_connection(*this);
    return is_shortage(socket.error()) ? filter::Reason::Overload : filter::Reason::ConnectFailed;
  }
  Connecting& connecting = *connectings_.emplace_back(
      std::make_unique<Connecting>(*this, std::move(*socket), starttls_for(attempt)));
  connecting.index = connectings_.size() - 1;
  connecting.attempt = &attempt;
  attempt.connecting_ = &connecting;
  attempt.stage_ = Attempt::Stage::Connecting;
  attempt.connecting_us_ = cluster_.reactor().loop().turn_us();
  return filter::Reason::Ok;
}

// The PROXY header is said in the clear, before all else.
std::unique_ptr<StarttlsRequest> EndpointPool::starttls_for(const Attempt& attempt) {
  const Attempt::Options& options = attempt.options_;
  if (!options.starttls) return nullptr;
  Buffer first;
  if (options.client != nullptr && options.local != nullptr) {
    write_proxy_header(cluster_.spec().proxy_protocol, *options.client, *options.local,
                       cluster_.reactor().blocks(), first);
  }
  return std::make_unique<StarttlsRequest>(std::move(first));
}

void EndpointPool::on_connected(Connecting& connecting, std::unique_ptr<net::Transport> transport) {
  Attempt* const attempt = connecting.attempt;
  retire(connecting);
  cluster_.counters().connections_opened.add();
  cluster_.counters().connections_open.add();
  if (attempt != nullptr) {
    attempt->connect_us_ =
        static_cast<std::uint32_t>(cluster_.reactor().loop().turn_us() - attempt->connecting_us_);
  }
  if (attempt != nullptr && attempt->options_.raw) {
    attempt->transport_ = std::move(transport);
    attempt->holds_connection_slot_ = true;
    attempt->connecting_ = nullptr;
    attempt->stage_ = Attempt::Stage::Ready;
    attempt->owner_.on_connection(*attempt);
    return;
  }
  HttpConnection& connection =
      *connections_.emplace_back(std::make_unique<HttpConnection>(*this, std::move(transport)));
  connection.index = connections_.size() - 1;
  if (attempt == nullptr) {
    put_back(connection);
    return;
  }
  connection.set_attempt(attempt);
  attempt->connected(connection, false);
  const Attempt::Options& options = attempt->options_;
  if (options.client != nullptr && options.local != nullptr) {
    connection.send_proxy_header(*options.client, *options.local);
  }
  attempt->owner_.on_connection(*attempt);
}

void EndpointPool::on_connect_failed(Connecting& connecting, filter::Reason why,
                                     std::string_view text) {
  Attempt* const attempt = connecting.attempt;
  retire(connecting);
  ClusterCounters& counters = cluster_.counters();
  const bool timed_out = why == filter::Reason::ConnectTimeout;
  (timed_out ? counters.connect_timeouts : counters.connections_failed).add();
  endpoint_->failed.fetch_add(1, std::memory_order_relaxed);
  log(connect_failures, LogLevel::Warning, "upstream", "cluster {}: cannot connect to {}: {}",
      cluster_.state().name, endpoint_->text, text);
  cluster_.free_connection(*this);
  if (attempt == nullptr) {
    end_if_empty();
    return;
  }
  attempt->connect_us_ =
      static_cast<std::uint32_t>(cluster_.reactor().loop().turn_us() - attempt->connecting_us_);
  attempt->failed(why);
  attempt->owner_.on_no_connection(*attempt, why);
}

// A raw connection, and one that says for whom it is, serve nobody else.
void EndpointPool::abandon(Connecting& connecting) {
  const bool usable =
      !connecting.attempt->options_.raw && cluster_.spec().proxy_protocol == ProxyProtocol::None;
  connecting.attempt = nullptr;
  if (usable) return;
  connecting.cancel();
  retire(connecting);
  cluster_.free_connection(*this);
}

void EndpointPool::retire(Connecting& connecting) {
  const std::size_t place = connecting.index;
  std::unique_ptr<Connecting> gone = std::move(connectings_[place]);
  if (place + 1 != connectings_.size()) {
    connectings_[place] = std::move(connectings_.back());
    connectings_[place]->index = place;
  }
  connectings_.pop_back();
  cluster_.reactor().loop().retire(std::move(gone));
}

void EndpointPool::put_back(HttpConnection& connection) {
  if (draining() || connection.epoch() != cluster_.connection_epoch() ||
      cluster_.others_need_connections()) {
    connection.close();
  } else {
    add_idle(connection);
    cluster_.on_idle_connection();
  }
}

void EndpointPool::add_idle(HttpConnection& connection) {
  connection.idle = true;
  connection.idle_since_ms = cluster_.reactor().loop().now();
  idle_.push_front(connection);
  ++idle_count_;
  cluster_.counters().connections_idle.add();
  const auto timeout = static_cast<std::uint64_t>(cluster_.spec().idle_timeout.count());
  if (timeout != 0 && !idle_timer_.armed()) idle_timer_.arm(timeout);
}

void EndpointPool::remove_idle(HttpConnection& connection) {
  if (!connection.idle) return;
  connection.idle = false;
  connection.unlink();
  --idle_count_;
  cluster_.counters().connections_idle.add(-1);
}

bool EndpointPool::close_oldest_idle() {
  HttpConnection* const oldest = idle_.back();
  if (oldest == nullptr) return false;
  oldest->close();
  return true;
}

void EndpointPool::close_idle() {
  while (close_oldest_idle()) {
  }
}

void EndpointPool::close_idle_for_too_long() {
  const std::uint64_t now = cluster_.reactor().loop().now();
  const auto timeout = static_cast<std::uint64_t>(cluster_.spec().idle_timeout.count());
  if (timeout == 0) return;
  while (HttpConnection* oldest = idle_.back()) {
    const std::uint64_t idle_for = now - oldest->idle_since_ms;
    if (idle_for < timeout) {
      idle_timer_.arm(timeout - idle_for);
      return;
    }
    oldest->close();
  }
}

void EndpointPool::on_closed(HttpConnection& connection) {
  remove_idle(connection);
  const std::size_t place = connection.index;
  std::unique_ptr<HttpConnection> gone = std::move(connections_[place]);
  if (place + 1 != connections_.size()) {
    connections_[place] = std::move(connections_.back());
    connections_[place]->index = place;
  }
  connections_.pop_back();
  cluster_.reactor().loop().retire(std::move(gone));
  cluster_.counters().connections_open.add(-1);
  cluster_.free_connection(*this);
}

void EndpointPool::drop_use() {
  --uses_;
  end_if_empty();
}

void EndpointPool::end_if_empty() {
  if (uses_ == 0 && connections_.empty() && connectings_.empty() && draining()) {
    cluster_.remove(*this);
  }
}

}  // namespace weir::upstream
