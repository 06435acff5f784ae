#include "core/server/worker_connection.h"

#include "core/server/worker_chain.h"
#include "core/server/worker_listener.h"

namespace weir::server {

WorkerConnection::WorkerConnection(WorkerListener& listener, event::Reactor& reactor,
                                   std::unique_ptr<net::Transport> transport,
                                   filter::ConnectionInfo info)
    : listener_(listener), downstream_(reactor, std::move(transport), std::move(info), *this) {}

WorkerConnection::~WorkerConnection() {
  listener_.connection_over(chain_);
}

void WorkerConnection::open(const event::Use<Snapshot>& snapshot, const ListenerSpec& spec) {
  if (!spec.accept.empty()) snapshot_ = snapshot.any();
  downstream_.open(spec.accept, snapshot_, static_cast<std::uint64_t>(spec.peek_timeout.count()));
}

bool WorkerConnection::waits_for_hello(const filter::ConnectionInfo& info) {
  return listener_.waits_for_hello(info);
}

filter::ChainHost* WorkerConnection::choose_chain(const filter::ConnectionInfo& info) {
  chain_ = listener_.choose_chain(info);
  if (chain_ == nullptr) return nullptr;
  ++chain_->connections;
  filter::ChainHost& host = chain_->host();
  // HTTP streams take a Snapshot each; what stands below `http` belongs to the connection.
  if (!host.chain->network_filters.empty() || host.chain->http == nullptr) {
    snapshot_ = host.snapshot;
  }
  return &host;
}

void WorkerConnection::on_downstream_closed(filter::Downstream&) {
  unlink();
  listener_.loop().retire(std::unique_ptr<event::Deferred>(this));
}

}  // namespace weir::server
