#pragma once

#include <memory>
#include <span>

#include "core/server/admin.h"
#include "core/server/worker.h"

namespace weir::server {

// Asks every worker for its connections and calls `take` with what came, on the thread of
// `control`: when all have answered, or after kPatienceMs.
class ConnectionGathering {
 public:
  static constexpr std::uint64_t kPatienceMs = 1'000;

  static void begin(event::Reactor& control, std::span<const std::unique_ptr<Worker>> workers,
                    std::size_t most, AdminSource::TakeConnections take);

 private:
  ConnectionGathering(event::Reactor& control, unsigned workers, std::size_t most,
                      AdminSource::TakeConnections take);

  void add(std::vector<ConnectionRow> rows);
  void answer();

  event::Timer patience_;
  unsigned silent_;
  std::size_t most_;
  ConnectionRows gathered_;
  AdminSource::TakeConnections take_;
};

}  // namespace weir::server
