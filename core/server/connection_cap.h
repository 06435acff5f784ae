#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

namespace weir::server {

// How many connections are open over all workers, against a limit. A worker takes a place before it
// accepts; one that finds none stops accepting and is told when there is room. Any thread.
class ConnectionCap {
 public:
  // `wake(worker)` is called on the thread that made room.
  using Wake = std::function<void(unsigned worker)>;

  ConnectionCap(unsigned workers, std::uint32_t limit, Wake wake);
  ConnectionCap(const ConnectionCap&) = delete;
  ConnectionCap& operator=(const ConnectionCap&) = delete;

  void set_limit(std::uint32_t limit);
  std::uint32_t limit() const { return limit_.load(std::memory_order_relaxed); }
  std::uint32_t open() const { return open_.load(std::memory_order_relaxed); }

  // Takes a place when there is one; otherwise `worker` is woken once when there is.
  bool take(unsigned worker);
  // Takes a place beyond the limit too.
  void add() { open_.fetch_add(1); }
  void remove();
  // How many are open beyond four fifths of the limit: from there on who idles makes room.
  std::uint32_t crowd() const {
    const std::uint64_t calm = std::uint64_t{limit()} * 4 / 5;
    return open() > calm ? static_cast<std::uint32_t>(open() - calm) : 0;
  }
  unsigned workers() const { return static_cast<unsigned>(waiting_.size()); }
  bool full() const { return open_.load() >= limit_.load(); }
  // Whether it is full; `worker` is then woken once when it no longer is.
  bool wait_if_full(unsigned worker);

 private:
  bool try_take();
  void wait(unsigned worker);
  void stop_waiting(unsigned worker);
  void wake_waiting();

  std::atomic<std::uint32_t> open_{0};
  std::atomic<std::uint32_t> limit_;
  std::atomic<std::uint32_t> waiting_count_{0};
  std::vector<std::atomic<bool>> waiting_;
  Wake wake_;
};

}  // namespace weir::server
