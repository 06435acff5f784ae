#include "core/server/worker_listener.h"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

#include "core/net/socket_transport.h"
#include "core/server/worker.h"
#include "core/server/worker_log.h"

namespace weir::server {
namespace {

bool is_wildcard(const net::Address& address) {
  const std::string_view bytes = address.ip_bytes();
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace

WorkerListener::WorkerListener(Worker& worker, event::Generation<SharedListener>& shared)
    : worker_(worker),
      shared_(shared, worker.reactor()),
      metrics_(shared_->metrics.of(worker.reactor().index())),
      deadline_(event::Timer::of<&WorkerListener::drained_long_enough>(loop().timers(), this)) {}

WorkerListener::~WorkerListener() {
  WEIR_ASSERT(open_ == 0);
  if (log_ != nullptr) --log_->users;
}

event::Loop& WorkerListener::loop() {
  return worker_.reactor().loop();
}

void WorkerListener::update(const event::Use<Snapshot>& snapshot, const ListenerSpec& spec,
                            WorkerLog* log) {
  if (log_ != nullptr) --log_->users;
  log_ = log;
  if (log_ != nullptr) ++log_->users;
  std::vector<WorkerChain*> chosen;
  for (const filter::Chain& chain : spec.chains) {
    const auto same = std::find_if(current_.begin(), current_.end(),
                                   [&chain](WorkerChain* old) { return old->continues_as(chain); });
    if (same != current_.end()) {
      (*same)->update(snapshot, chain);
      chosen.push_back(*same);
    } else {
      filter::ExchangeObserver& observer = *this;
      chains_.push_back(std::make_unique<WorkerChain>(*this, observer, loop(), snapshot, chain));
      chosen.push_back(chains_.back().get());
    }
  }
  for (WorkerChain* old : current_) {
    if (std::find(chosen.begin(), chosen.end(), old) != chosen.end()) continue;
    old->drain(filter::Drain::Soon, static_cast<std::uint64_t>(snapshot->drain_timeout.count()));
  }
  current_ = std::move(chosen);
  snapshot_ = snapshot;
  spec_ = &spec;
  asks_hello_ = std::any_of(spec.chains.begin(), spec.chains.end(),
                            [](const filter::Chain& chain) { return chain.asks_hello(); });
  sweep();
}

void WorkerListener::set_flags(std::uint64_t flags) {
  for (WorkerChain* chain : current_) chain->host().flags = flags;
}

void WorkerListener::accept(net::Descriptor socket, const net::Address& peer) {
  filter::ConnectionInfo info;
  info.peer = info.client = peer;
  info.local = local_address(socket.get());
  info.listener = shared_->name;
  ++open_;
  metrics_.accepted.add();
  metrics_.open.add(1);
  auto* connection = new WorkerConnection(
      *this, worker_.reactor(), std::make_unique<net::SocketTransport>(loop(), std::move(socket)),
      std::move(info));
  connections_.push_back(*connection);
  connection->open(snapshot_, *spec_);
}

net::Address WorkerListener::local_address(int descriptor) const {
  if (!shared_->address.is_ip() || !is_wildcard(shared_->address)) return shared_->address;
  sockaddr_storage storage;
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (getsockname(descriptor, address, &size) != 0) return shared_->address;
  return net::Address::from_sockaddr(address, size);
}

bool WorkerListener::waits_for_hello(const filter::ConnectionInfo& info) const {
  if (!asks_hello_) return false;
  for (const filter::Chain& chain : spec_->chains) {
    const filter::ChainFit found = fit(chain, info);
    if (found != filter::ChainFit::No) return found == filter::ChainFit::WaitsForHello;
  }
  return false;
}

WorkerChain* WorkerListener::choose_chain(const filter::ConnectionInfo& info) {
  for (std::size_t i = 0; i < current_.size(); ++i) {
    if (fit(spec_->chains[i], info) == filter::ChainFit::Yes) return current_[i];
  }
  return nullptr;
}

void WorkerListener::connection_over(WorkerChain* chain) {
  --open_;
  shared_->cap.remove();
  worker_.process_cap().remove();
  metrics_.closed.add();
  metrics_.open.add(-1);
  if (chain != nullptr) {
    --chain->connections;
  } else {
    metrics_.refused.add();
  }
  if (over() || (chain != nullptr && chain->over())) worker_.sweep_later();
}

void WorkerListener::drain(filter::Drain drain, std::uint64_t timeout_ms) {
  if (!draining_ || drain == filter::Drain::Now) {
    last_words_ms_ = WorkerChain::last_words_ms(timeout_ms);
    deadline_.arm(timeout_ms - last_words_ms_);
  }
  draining_ = true;
  for (const auto& chain : chains_) chain->drain(drain, timeout_ms);
  // Those whose accept filters have yet to let them pass have no chain.
  each_connection([drain](WorkerConnection& connection) { connection.downstream().drain(drain); });
}

void WorkerListener::drained_long_enough() {
  if (std::exchange(told_, true)) {
    close_all();
    return;
  }
  deadline_.arm(last_words_ms_);
  each_connection(
      [](WorkerConnection& connection) { connection.downstream().drain(filter::Drain::Over); });
}

void WorkerListener::close_all() {
  each_connection([](WorkerConnection& connection) { connection.downstream().cut(); });
}

void WorkerListener::sweep() {
  std::erase_if(chains_, [this](const auto& chain) {
    return chain->over() &&
           std::find(current_.begin(), current_.end(), chain.get()) == current_.end();
  });
}

void WorkerListener::on_exchange(const filter::ExchangeRecord& record) {
  metrics_.on_exchange(record);
  worker_.clusters().on_exchange(record);
  worker_.failures().on_exchange(record);
  if (log_ != nullptr) log_->on_exchange(record);
}

}  // namespace weir::server
