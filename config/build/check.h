#pragma once

#include <string>

#include "config/build/config_input.h"
#include "config/build/verdict.h"
#include "config/diagnostics.h"

namespace weir::config {

// How a configuration is examined and what is printed about it.
struct CheckOptions {
  bool strict = false;   // warnings count as errors
  bool offline = false;  // what is missing of files, variables and the machine is a note
  bool json = false;     // one object, for tools
  TextStyle style{};     // else
};

struct Checked {
  Verdict verdict = Verdict::Sound;
  // Everything that was found; empty when that is nothing, but for JSON.
  std::string report;
};

// Reads the configuration and all that it names, and looks at the machine, as a start would;
// listens nowhere and writes nothing.
Checked check(const ConfigInput& input, const CheckOptions& options);

}  // namespace weir::config
