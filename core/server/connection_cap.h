#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

namespace weir::server {

// How many connections are open over all workers, against a limit. A worker that finds it full
// stops accepting and is told when there is room. What is in a worker's hands by then stays, so
// that the limit may be passed by one connection for each further worker. Any thread.
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

  void add() { open_.fetch_add(1); }
  void remove();
  bool full() const { return open_.load() >= limit_.load(); }
  // Whether it is full; `worker` is then woken once when it no longer is.
  bool wait_if_full(unsigned worker);

 private:
  void wake_waiting();

  std::atomic<std::uint32_t> open_{0};
  std::atomic<std::uint32_t> limit_;
  std::atomic<std::uint32_t> waiting_count_{0};
  std::vector<std::atomic<bool>> waiting_;
  Wake wake_;
};

}  // namespace weir::server
