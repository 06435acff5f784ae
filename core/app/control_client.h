#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace weir::app {

// One question to a running Weir.
struct ControlQuestion {
  bool change = false;  // POST
  std::string target;   // path and query
  std::string body{};   // of a change: JSON
  // For how long nothing may come.
  std::chrono::milliseconds patience{10'000};
};

struct ControlReply {
  std::uint16_t status = 0;
  std::string body;
};

// Asks the Weir whose control socket is at `path`, and waits for the answer. Errors: nobody is
// there, or what came is no answer. At most kMaxReply bytes.
inline constexpr std::size_t kMaxReply = std::size_t{256} << 20;
Result<ControlReply> ask_control(const std::string& path, const ControlQuestion& question);

}  // namespace weir::app
