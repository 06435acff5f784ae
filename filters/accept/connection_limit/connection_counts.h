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

// How many connections each client has open and has opened lately. Outlives Snapshots, so that
// limits come with each call: they may change, and those of two Snapshots may hold at once. Any
// thread: shards with a lock each, which is held for a look-up.
class ConnectionCounts {
 public:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kMaxClients = 131'072;

  // Counts one more, unless that is over a limit. `now_ms` is of a monotonic clock.
  bool enter(std::string_view key, const ConnectionLimitSettings& limits, std::uint64_t now_ms);
  void leave(std::string_view key);
  std::size_t clients() const;

 private:
  struct Client {
    std::uint32_t open = 0;
    double spent = 0;  // of the burst; the rate gives it back
    std::uint64_t recovered_ms = 0;
    std::list<std::string>::iterator age;  // place in Shard::oldest_first
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Client> clients;
    std::list<std::string> oldest_first;
  };

  Shard& shard_of(std::string_view key);
  static void recover(Client& client, double rate, std::uint64_t now_ms);
  // Makes room for one more; false when nobody can go.
  static bool evict(Shard& shard, double rate, std::uint64_t now_ms);

  std::array<Shard, kShards> shards_;
};

}  // namespace weir::filters
