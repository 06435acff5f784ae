#include "core/server/connection_cap.h"

#include <utility>

namespace weir::server {

ConnectionCap::ConnectionCap(unsigned workers, std::uint32_t limit, Wake wake)
    : limit_(limit), waiting_(workers), wake_(std::move(wake)) {}

void ConnectionCap::set_limit(std::uint32_t limit) {
  limit_.store(limit);
  if (!full()) wake_waiting();
}

void ConnectionCap::remove() {
  open_.fetch_sub(1);
  if (!full()) wake_waiting();
}

bool ConnectionCap::try_take() {
  std::uint32_t open = open_.load();
  while (open < limit_.load()) {
    if (open_.compare_exchange_weak(open, open + 1)) return true;
  }
  return false;
}

// The mark is set before the second look, and remove() looks for marks after it has counted: one
// of the two sees the other.
bool ConnectionCap::take(unsigned worker) {
  if (try_take()) return true;
  wait(worker);
  if (!try_take()) return false;
  stop_waiting(worker);
  return true;
}

bool ConnectionCap::wait_if_full(unsigned worker) {
  if (!full()) return false;
  wait(worker);
  if (full()) return true;
  stop_waiting(worker);
  return false;
}

void ConnectionCap::wait(unsigned worker) {
  if (!waiting_[worker].exchange(true)) waiting_count_.fetch_add(1);
}

void ConnectionCap::stop_waiting(unsigned worker) {
  if (waiting_[worker].exchange(false)) waiting_count_.fetch_sub(1);
}

void ConnectionCap::wake_waiting() {
  if (waiting_count_.load() == 0) return;
  for (unsigned worker = 0; worker < waiting_.size(); ++worker) {
    if (!waiting_[worker].exchange(false)) continue;
    waiting_count_.fetch_sub(1);
    wake_(worker);
  }
}

}  // namespace weir::server
