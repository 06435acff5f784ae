#pragma once

#include <chrono>
#include <cstdint>
#include <tuple>

#include "config/schema.h"
#include "core/net/socket.h"

namespace weir::config {

// `keepalive:` of TCP connections; `off` sends no probes.
struct Keepalive {
  bool enabled = true;
  std::chrono::milliseconds idle{net::ConnectOptions{}.keepalive_idle};
  std::chrono::milliseconds interval{net::ConnectOptions{}.keepalive_interval};
  std::uint32_t probes = static_cast<std::uint32_t>(net::ConnectOptions{}.keepalive_probes);

  static constexpr std::string_view type_name = "keepalive";
  static constexpr ShortForms short_forms{.off = "enabled"};
  static constexpr auto fields =
      std::tuple{field("enabled", &Keepalive::enabled, "whether probes are sent"),
                 field("idle", &Keepalive::idle, "silence before the first probe")
                     .range(std::chrono::seconds(1), std::chrono::hours(9)),
                 field("interval", &Keepalive::interval, "time between probes")
                     .range(std::chrono::seconds(1), std::chrono::hours(9)),
                 field("probes", &Keepalive::probes, "unanswered probes that end the connection")
                     .range(1, 127)};

  // Whole seconds, which is what the kernel takes.
  net::ConnectOptions compiled() const {
    return {.keepalive = enabled,
            .keepalive_idle = std::chrono::ceil<std::chrono::seconds>(idle),
            .keepalive_interval = std::chrono::ceil<std::chrono::seconds>(interval),
            .keepalive_probes = static_cast<int>(probes)};
  }
};

}  // namespace weir::config
