#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/base/result.h"
#include "core/event/reactor.h"
#include "core/server/event_log.h"
#include "core/upstream/cluster_registry.h"

namespace weir::server {

// What an operator has set while Weir runs, over what the configuration says: flags, the mode and
// weight of endpoints, levels of the operational log. It survives reloads and ends when it is
// cleared, at its time, or with the process. Control thread.
class Overrides {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::size_t kMaxWhy = 200;  // bytes of a reason

  // How long, and why; without `lasts`, until it is cleared.
  struct Terms {
    std::optional<std::chrono::milliseconds> lasts;
    std::string why;
  };
  enum class Kind : std::uint8_t { Flag, Mode, Weight, Log };
  struct Entry {
    Kind kind = Kind::Flag;
    std::string cluster;  // of an endpoint
    std::string name;     // the flag, the address of the endpoint, the part of the log
    bool on = false;      // of a flag
    upstream::EndpointMode mode = upstream::EndpointMode::Up;
    std::uint32_t weight = 1;
    LogLevel level = LogLevel::Info;
    std::string why;
    std::int64_t set_us = 0;     // since 1970
    std::uint64_t until_ms = 0;  // of the loop's clock; 0: without end
    // "maintenance", "api/10.0.0.2:9000" for mode and weight, "log.upstream"
    std::string key() const;
  };

  // `changed` is called when what flag() or level() tells is different.
  Overrides(event::Reactor& reactor, upstream::ClusterRegistry& clusters, EventLog& events,
            std::function<void()> changed);

  Result<void> set_flag(const std::string& name, bool on, Terms terms);
  // Mode and weight of one endpoint have terms of their own.
  Result<void> set_mode(const std::string& cluster, const std::string& address,
                        upstream::EndpointMode mode, Terms terms);
  Result<void> set_weight(const std::string& cluster, const std::string& address,
                          std::uint32_t weight, Terms terms);
  Result<void> set_log_level(LogPart part, LogLevel level, Terms terms);
  // By Entry::key(); all without one. How many there were.
  std::size_t clear(std::string_view key = {});

  // Nothing when the configuration decides.
  std::optional<bool> flag(std::string_view name) const;
  std::optional<LogLevel> level(LogPart part) const;
  // By key.
  std::vector<const Entry*> list() const;

 private:
  using Name = std::tuple<Kind, std::string, std::string>;  // with the cluster

  Result<Entry*> place(const Name& name, const Terms& terms);
  void keep(Entry& entry, Terms terms);
  void apply(const Entry& entry);
  // Ends those for which `over` holds, and says `why`. How many there were.
  std::size_t end(const std::function<bool(const Entry&)>& over, std::string_view why);
  void on_time();

  event::Reactor& reactor_;
  upstream::ClusterRegistry& clusters_;
  EventLog& events_;
  std::function<void()> changed_;
  std::map<Name, Entry> entries_;
  event::Timer next_end_;
};

}  // namespace weir::server
