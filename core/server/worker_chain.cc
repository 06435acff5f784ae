#include "core/server/worker_chain.h"

#include <utility>

#include "core/server/worker_listener.h"

namespace weir::server {

WorkerChain::WorkerChain(WorkerListener& listener, filter::ExchangeObserver& observer,
                         event::Loop& loop, const event::Use<Snapshot>& snapshot,
                         const filter::Chain& chain)
    : listener_(listener),
      fingerprint_(chain.connection_fingerprint),
      deadline_(event::Timer::of<&WorkerChain::drained_long_enough>(loop.timers(), this)) {
  host_.listener = listener.name();
  host_.name = chain.name;
  host_.observer = &observer;
  update(snapshot, chain);
}

void WorkerChain::update(const event::Use<Snapshot>& snapshot, const filter::Chain& chain) {
  host_.chain = &chain;
  host_.snapshot = snapshot.any();
  host_.snapshot_number = snapshot->number;
}

void WorkerChain::drain(filter::Drain drain, std::uint64_t timeout_ms) {
  // Who is ending waits for nobody longer than it says.
  if (!host_.draining || drain == filter::Drain::Now) {
    last_words_ms_ = last_words_ms(timeout_ms);
    deadline_.arm(timeout_ms - last_words_ms_);
  }
  host_.draining = true;
  listener_.each_connection([this, drain](WorkerConnection& connection) {
    if (connection.chain() == this) connection.downstream().drain(drain);
  });
}

void WorkerChain::drained_long_enough() {
  const bool told = std::exchange(told_, true);
  if (!told) deadline_.arm(last_words_ms_);
  listener_.each_connection([this, told](WorkerConnection& connection) {
    if (connection.chain() != this) return;
    if (told) {
      connection.downstream().cut();
    } else {
      connection.downstream().drain(filter::Drain::Over);
    }
  });
}

}  // namespace weir::server
