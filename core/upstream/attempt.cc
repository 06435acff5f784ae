#include "core/upstream/attempt.h"

#include "core/upstream/connecting.h"
#include "core/upstream/endpoint_pool.h"
#include "core/upstream/http_connection.h"
#include "core/upstream/local_cluster.h"

namespace weir::upstream {

Attempt::Begun Attempt::begin(LocalCluster& cluster, const Options& options) {
  WEIR_ASSERT(cluster_ == nullptr);
  cluster_ = &cluster;
  options_ = options;
  queue_us_ = connect_us_ = 0;
  failure_ = filter::Reason::Ok;
  reused_ = false;
  return cluster.begin(*this);
}

void Attempt::end() {
  if (cluster_ == nullptr) return;
  if (stage_ == Stage::Queued) cluster_->leave_queue(*this);
  if (connecting_ != nullptr) pool_->abandon(*connecting_);
  if (connection_ != nullptr) connection_->abandon();
  connecting_ = nullptr;
  connection_ = nullptr;
  transport_.reset();
  stage_ = Stage::Idle;
  LocalCluster& cluster = *cluster_;
  cluster_ = nullptr;
  if (pool_ == nullptr) return;
  EndpointPool& pool = *pool_;
  pool_ = nullptr;
  if (holds_connection_slot_) {
    cluster.counters().connections_open.add(-1);
    cluster.free_connection(pool);
  }
  holds_connection_slot_ = false;
  cluster.free_request(pool);
}

std::unique_ptr<net::Transport> Attempt::take_transport() {
  return std::move(transport_);
}

EndpointState* Attempt::endpoint() const {
  return pool_ == nullptr ? nullptr : &pool_->endpoint();
}

void Attempt::connected(HttpConnection& connection, bool reused) {
  connection_ = &connection;
  connecting_ = nullptr;
  reused_ = reused;
  stage_ = Stage::Ready;
}

void Attempt::failed(filter::Reason why) {
  connecting_ = nullptr;
  failure_ = why;
  stage_ = Stage::Idle;
}

}  // namespace weir::upstream
