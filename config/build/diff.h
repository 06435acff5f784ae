#pragma once

#include <string>

#include "config/build/config_input.h"
#include "config/build/verdict.h"
#include "config/diagnostics.h"

namespace weir::config {

struct DiffOptions {
  bool json = false;
  TextStyle style{};  // of the problems
};

struct Diffed {
  Verdict verdict = Verdict::Sound;
  std::string text;
  std::string problems;
};

// What a reload from one configuration to another would change: a line for each difference of what
// their layers come to. Both must be sound.
Diffed diff(const ConfigInput& before, const ConfigInput& after, const DiffOptions& options);

}  // namespace weir::config
