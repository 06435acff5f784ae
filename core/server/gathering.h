#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/server/gathered.h"
#include "core/server/worker.h"

namespace weir::server {

// Asks every worker for rows and calls `take` with what came, on the thread of `control`: when all
// have answered, or after kPatienceMs.
template <typename Row>
class Gathering {
 public:
  static constexpr std::uint64_t kPatienceMs = 1'000;
  using Take = std::function<void(Gathered<Row>)>;

  // `ask(worker)` is called on the worker's thread; one row more than `most` is enough.
  template <typename Ask>
  static void begin(event::Reactor& control, std::span<const std::unique_ptr<Worker>> workers,
                    std::size_t most, Ask ask, Take take) {
    // The tasks on their way keep it alive; a worker that is stuck keeps it until it answers. Each
    // worker hands its share back with the answer, so that the last one goes on the control thread.
    const std::shared_ptr<Gathering> gathering(
        new Gathering(control, static_cast<unsigned>(workers.size()), most, std::move(take)));
    for (const auto& worker : workers) {
      worker->reactor().loop().post([&control, &worker = *worker, ask,
                                     gathering = gathering]() mutable {
        std::vector<Row> rows = ask(worker);
        control.loop().post([gathering = std::move(gathering), rows = std::move(rows)]() mutable {
          gathering->add(std::move(rows));
        });
      });
    }
  }

 private:
  Gathering(event::Reactor& control, unsigned workers, std::size_t most, Take take)
      : patience_(event::Timer::of<&Gathering::answer>(control.loop().timers(), this)),
        silent_(workers),
        most_(most),
        take_(std::move(take)) {
    patience_.arm(kPatienceMs);
  }

  void add(std::vector<Row> rows) {
    --silent_;
    std::move(rows.begin(), rows.end(), std::back_inserter(gathered_.rows));
    if (silent_ == 0) answer();
  }

  void answer() {
    if (!take_) return;
    patience_.cancel();
    gathered_.cut = gathered_.rows.size() > most_;
    gathered_.rows.resize(std::min(gathered_.rows.size(), most_));
    gathered_.silent_workers = silent_;
    std::exchange(take_, nullptr)(std::move(gathered_));
  }

  event::Timer patience_;
  unsigned silent_;
  std::size_t most_;
  Gathered<Row> gathered_;
  Take take_;
};

}  // namespace weir::server
