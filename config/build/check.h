#pragma once

#include <cstdint>
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

// Reads the file at `path` and all that it names, as a start would, without opening a socket.
Checked check(const std::string& path, const CheckOptions& options);

}  // namespace weir::config
