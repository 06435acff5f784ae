#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/log_level.h"
#include "core/upstream/cluster_spec.h"

namespace weir::server {

// One thing that an operator has set while Weir runs.
struct Override {
  enum class Kind : std::uint8_t { Flag, Mode, Weight, Log };

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

  // What it is for `weir ctl`: "flag", "endpoint" or "log".
  std::string_view what() const;
  // Its name there: "maintenance", "api/10.0.0.2:9000", "upstream".
  std::string key() const;
  // "on", "drain", "weight 3", "debug"
  std::string setting() const;
};

}  // namespace weir::server
