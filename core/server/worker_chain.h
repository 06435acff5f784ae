#pragma once

#include <algorithm>
#include <cstdint>

#include "core/event/timer.h"
#include "core/filter/chain_host.h"
#include "core/server/snapshot.h"

namespace weir::server {

class WorkerListener;

// One chain of one listener on one worker: what its connections hold on to while Snapshots come
// and go. Worker thread. Destroyed by its listener once it drains and has no connections.
class WorkerChain {
 public:
  // Of `timeout_ms` for draining, the last part, in which those who wait for a response have been
  // told that none comes.
  static constexpr std::uint64_t last_words_ms(std::uint64_t timeout_ms) {
    return std::min(std::uint64_t{250}, timeout_ms / 2);
  }

  WorkerChain(WorkerListener& listener, filter::ExchangeObserver& observer, event::Loop& loop,
              const event::Use<Snapshot>& snapshot, const filter::Chain& chain);

  filter::ChainHost& host() { return host_; }
  // Whether connections may stay when `chain` takes the place of the present one.
  bool continues_as(const filter::Chain& chain) const {
    return host_.name == chain.name && fingerprint_ == chain.connection_fingerprint;
  }
  void update(const event::Use<Snapshot>& snapshot, const filter::Chain& chain);
  // Its connections finish what is under way; what is left after `timeout_ms` is closed, and who
  // waits for a response is told so before, as last_words_ms() says.
  void drain(filter::Drain drain, std::uint64_t timeout_ms);
  bool over() const { return host_.draining && connections == 0; }

  std::uint32_t connections = 0;

 private:
  void drained_long_enough();

  WorkerListener& listener_;
  filter::ChainHost host_;
  std::uint64_t fingerprint_;
  event::Timer deadline_;
  std::uint64_t last_words_ms_ = 0;
  bool told_ = false;
};

}  // namespace weir::server
