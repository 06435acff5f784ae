#include "filters/accept/connection_limit/connection_counts.h"

#include <algorithm>
#include <functional>

namespace weir::filters {
namespace {

// How many of the oldest are looked at for one that can go.
constexpr int kEvictionTries = 8;

}  // namespace

ConnectionCounts::ConnectionCounts(const ConnectionLimitSettings& settings)
    : open_(settings.open),
      rate_(settings.rate),
      burst_(settings.burst != 0 ? settings.burst : std::max(1.0, settings.rate)) {}

ConnectionCounts::Shard& ConnectionCounts::shard_of(std::string_view key) {
  return shards_[std::hash<std::string_view>()(key) % kShards];
}

void ConnectionCounts::refill(Client& client, std::uint64_t now_ms) const {
  if (now_ms <= client.refilled_ms) return;
  const double seconds = static_cast<double>(now_ms - client.refilled_ms) / 1000;
  client.tokens = std::min(burst_, client.tokens + seconds * rate_);
  client.refilled_ms = now_ms;
}

bool ConnectionCounts::evict(Shard& shard, std::uint64_t now_ms) const {
  auto age = shard.oldest_first.begin();
  for (int i = 0; i < kEvictionTries && age != shard.oldest_first.end(); ++i) {
    const auto found = shard.clients.find(*age);
    refill(found->second, now_ms);
    if (found->second.open == 0 && found->second.tokens >= burst_) {
      shard.clients.erase(found);
      shard.oldest_first.erase(age);
      return true;
    }
    // Still of interest: it goes to the end, so that the next look starts behind it.
    const auto next = std::next(age);
    shard.oldest_first.splice(shard.oldest_first.end(), shard.oldest_first, age);
    age = next;
  }
  return false;
}

bool ConnectionCounts::enter(std::string_view key, std::uint64_t now_ms) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  auto found = shard.clients.find(std::string(key));
  if (found == shard.clients.end()) {
    if (shard.clients.size() >= kMaxClients / kShards && !evict(shard, now_ms)) return false;
    shard.oldest_first.emplace_back(key);
    found = shard.clients.emplace(key, Client{0, burst_, now_ms, {}}).first;
    found->second.age = std::prev(shard.oldest_first.end());
  }
  Client& client = found->second;
  if (open_ != 0 && client.open >= open_) return false;
  if (rate_ > 0) {
    refill(client, now_ms);
    if (client.tokens < 1) return false;
    client.tokens -= 1;
  }
  ++client.open;
  return true;
}

void ConnectionCounts::leave(std::string_view key) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  const auto found = shard.clients.find(std::string(key));
  if (found == shard.clients.end()) return;
  --found->second.open;
  // Without a rate there is nothing left to remember.
  if (found->second.open == 0 && rate_ <= 0) {
    shard.oldest_first.erase(found->second.age);
    shard.clients.erase(found);
  }
}

std::size_t ConnectionCounts::clients() const {
  std::size_t sum = 0;
  for (const Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    sum += shard.clients.size();
  }
  return sum;
}

}  // namespace weir::filters
