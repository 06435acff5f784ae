#include "filters/accept/connection_limit/connection_counts.h"

#include <algorithm>
#include <functional>

namespace weir::filters {
namespace {

// How many of the oldest are looked at for one that can go.
constexpr int kEvictionTries = 8;
// What sums of fractions may be off.
constexpr double kRounding = 1e-6;

}  // namespace

ConnectionCounts::Shard& ConnectionCounts::shard_of(std::string_view key) {
  return shards_[std::hash<std::string_view>()(key) % kShards];
}

void ConnectionCounts::recover(Client& client, double rate, std::uint64_t now_ms) {
  if (rate <= 0) client.spent = 0;
  if (now_ms <= client.recovered_ms) return;
  const double seconds = static_cast<double>(now_ms - client.recovered_ms) / 1000;
  client.spent = std::max(0.0, client.spent - seconds * rate);
  client.recovered_ms = now_ms;
}

bool ConnectionCounts::evict(Shard& shard, double rate, std::uint64_t now_ms) {
  auto age = shard.oldest_first.begin();
  for (int i = 0; i < kEvictionTries && age != shard.oldest_first.end(); ++i) {
    const auto found = shard.clients.find(*age);
    recover(found->second, rate, now_ms);
    if (found->second.open == 0 && found->second.spent <= 0) {
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

bool ConnectionCounts::enter(std::string_view key, const ConnectionLimitSettings& limits,
                             std::uint64_t now_ms) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  auto found = shard.clients.find(std::string(key));
  if (found == shard.clients.end()) {
    if (shard.clients.size() >= kMaxClients / kShards && !evict(shard, limits.rate, now_ms)) {
      return false;
    }
    shard.oldest_first.emplace_back(key);
    found = shard.clients.emplace(key, Client{}).first;
    found->second.age = std::prev(shard.oldest_first.end());
  }
  Client& client = found->second;
  if (limits.open != 0 && client.open >= limits.open) return false;
  recover(client, limits.rate, now_ms);
  if (limits.rate > 0) {
    const double burst = limits.burst != 0 ? limits.burst : std::max(1.0, limits.rate);
    if (client.spent + 1 > burst + kRounding) return false;
    client.spent += 1;
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
  if (found->second.open == 0 && found->second.spent <= 0) {
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
