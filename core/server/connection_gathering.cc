#include "core/server/connection_gathering.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir::server {

ConnectionGathering::ConnectionGathering(event::Reactor& control, unsigned workers,
                                         std::size_t most, AdminSource::TakeConnections take)
    : patience_(event::Timer::of<&ConnectionGathering::answer>(control.loop().timers(), this)),
      silent_(workers),
      most_(most),
      take_(std::move(take)) {
  patience_.arm(kPatienceMs);
}

// The tasks on their way keep it alive; a worker that is stuck keeps it until it answers. Each
// worker hands its share back with the answer, so that the last one goes on the control thread.
void ConnectionGathering::begin(event::Reactor& control,
                                std::span<const std::unique_ptr<Worker>> workers, std::size_t most,
                                AdminSource::TakeConnections take) {
  const std::shared_ptr<ConnectionGathering> gathering(new ConnectionGathering(
      control, static_cast<unsigned>(workers.size()), most, std::move(take)));
  for (const auto& worker : workers) {
    worker->reactor().loop().post([&control, &worker = *worker, gathering = gathering]() mutable {
      auto rows = worker.connections(gathering->most_ + 1);
      control.loop().post([gathering = std::move(gathering), rows = std::move(rows)]() mutable {
        gathering->add(std::move(rows));
      });
    });
  }
}

void ConnectionGathering::add(std::vector<ConnectionRow> rows) {
  --silent_;
  std::move(rows.begin(), rows.end(), std::back_inserter(gathered_.rows));
  if (silent_ == 0) answer();
}

void ConnectionGathering::answer() {
  if (!take_) return;
  patience_.cancel();
  gathered_.cut = gathered_.rows.size() > most_;
  gathered_.rows.resize(std::min(gathered_.rows.size(), most_));
  gathered_.silent_workers = silent_;
  std::exchange(take_, nullptr)(std::move(gathered_));
}

}  // namespace weir::server
