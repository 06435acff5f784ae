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
#include "core/server/override.h"
#include "core/upstream/cluster_registry.h"

namespace weir::server {

// What an operator has set while Weir runs, over what the configuration says: flags, the mode and
// weight of endpoints, levels of the operational log. It survives reloads and ends when it is
// cleared, at its time, or with the process unless somebody keeps list(). Control thread.
class Overrides {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::size_t kMaxWhy = 200;  // bytes of a reason

  // How long, and why; without `lasts`, until it is cleared.
  struct Terms {
    std::optional<std::chrono::milliseconds> lasts;
    std::string why;
  };
  struct Changed {
    std::function<void()> effect;  // what flag() or level() tells is different
    std::function<void()> list;    // what list() tells is different
  };

  Overrides(event::Reactor& reactor, upstream::ClusterRegistry& clusters, EventLog& events,
            Changed changed);

  Result<void> set_flag(const std::string& name, bool on, Terms terms);
  // Mode and weight of one endpoint have terms of their own.
  Result<void> set_mode(const std::string& cluster, const std::string& address,
                        upstream::EndpointMode mode, Terms terms);
  Result<void> set_weight(const std::string& cluster, const std::string& address,
                          std::uint32_t weight, Terms terms);
  Result<void> set_log_level(LogPart part, LogLevel level, Terms terms);
  // As they were set before, by this process or one before it. The first that may not be is an
  // error, and those before it stay.
  Result<void> restore(std::vector<Override> overrides);
  // By Override::what() and key(). How many there were.
  std::size_t clear(std::string_view what, std::string_view key);
  std::size_t clear_logs();
  std::size_t clear_all();

  // Nothing when the configuration decides.
  std::optional<bool> flag(std::string_view name) const;
  std::optional<LogLevel> level(LogPart part) const;
  // By kind and key.
  std::vector<const Override*> list() const;

 private:
  using Name = std::tuple<Override::Kind, std::string, std::string>;  // with the cluster

  Result<Override*> place(const Name& name, std::string_view why);
  void keep(Override& entry, Terms terms);
  void apply(const Override& entry);
  // Ends those for which `over` holds, and says `why`. How many there were.
  std::size_t end(const std::function<bool(const Override&)>& over, std::string_view why);
  void on_time();

  event::Reactor& reactor_;
  upstream::ClusterRegistry& clusters_;
  EventLog& events_;
  const Changed changed_;
  std::map<Name, Override> entries_;
  event::Timer next_end_;
};

}  // namespace weir::server
