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

// The mark is set before the second look, and remove() looks for marks after it has counted: one
// of the two sees the other.
bool ConnectionCap::wait_if_full(unsigned worker) {
  if (!full()) return false;
  if (!waiting_[worker].exchange(true)) waiting_count_.fetch_add(1);
  if (full()) return true;
  if (waiting_[worker].exchange(false)) waiting_count_.fetch_sub(1);
  return false;
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
