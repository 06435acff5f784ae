#pragma once

#include <cstdint>
#include <string>

#include "core/event/generation.h"
#include "core/filter/chain.h"
#include "core/filter/exchange_record.h"

namespace weir::filter {

// Takes the records of exchanges that ended: metrics and access log. Worker thread.
class ExchangeObserver {
 public:
  virtual void on_exchange(const ExchangeRecord& record) = 0;

 protected:
  ~ExchangeObserver() = default;
};

// One chain of one listener on one worker, over all Snapshots: what connections hold on to. The
// worker sets `chain` and `snapshot` to the newest; a stream takes them when its head is complete.
// Lives until the last of its connections is gone.
struct ChainHost {
  std::string listener;
  std::string name;
  const Chain* chain = nullptr;
  event::AnyUse snapshot;
  std::uint64_t snapshot_number = 0;
  std::uint64_t flags = 0;  // `ctl flag`s that are on, as the Snapshot numbers them
  ExchangeObserver* observer = nullptr;
  bool draining = false;  // new streams say `Connection: close`
};

}  // namespace weir::filter
