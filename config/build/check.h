#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace weir::config {

// How a configuration is examined and what is printed about it.
struct CheckOptions {
  bool strict = false;        // warnings count as errors
  bool json = false;          // one object, for tools
  bool source_lines = false;  // the line and a caret below each problem
  bool colour = false;
};

struct Checked {
  enum class Verdict : std::uint8_t { Sound, AtFault, Unreadable };

  Verdict verdict = Verdict::Sound;
  // Everything that was found; empty when that is nothing, but for JSON.
  std::string report;
};

// Reads the files and directories at `paths`, lowest first, and all that they name, as a start
// would, without opening a socket.
Checked check(std::span<const std::string> paths, const CheckOptions& options);

}  // namespace weir::config
