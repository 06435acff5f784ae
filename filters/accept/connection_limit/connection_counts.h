#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "filters/accept/connection_limit/connection_limit.h"

namespace weir::filters {

// How many connections each client has open and may still open. Any thread: shards with a lock
// each, which is held for a look-up.
class ConnectionCounts {
 public:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kMaxClients = 131'072;

  explicit ConnectionCounts(const ConnectionLimitSettings& settings);

  // Counts one more, unless that is over a limit. `now_ms` is of a monotonic clock.
  bool enter(std::string_view key, std::uint64_t now_ms);
  void leave(std::string_view key);
  std::size_t clients() const;

 private:
  struct Client {
    std::uint32_t open = 0;
    double tokens = 0;
    std::uint64_t refilled_ms = 0;
    std::list<std::string>::iterator age;  // place in Shard::oldest_first
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Client> clients;
    std::list<std::string> oldest_first;
  };

  Shard& shard_of(std::string_view key);
  void refill(Client& client, std::uint64_t now_ms) const;
  // Makes room for one more; false when nobody can go.
  bool evict(Shard& shard, std::uint64_t now_ms) const;

  std::uint32_t open_;
  double rate_;
  double burst_;
  std::array<Shard, kShards> shards_;
};

}  // namespace weir::filters
