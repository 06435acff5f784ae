#pragma once

#include <string>

#include "config/build/config_input.h"
#include "config/build/loading.h"
#include "config/build/verdict.h"
#include "config/diagnostics.h"

namespace weir::config {

struct ShowOptions {
  // Only what is there, as every layer has it; empty for everything as it is in the end.
  std::string path{};
  bool origins = false;  // each value's `file:line` behind it
  bool json = false;
  TextStyle style{};  // of the problems
};

struct Shown {
  Verdict verdict = Verdict::Sound;
  std::string text;
  std::string problems;
};

// All that the layers of `loading` came to, as YAML that is accepted again wherever it is read;
// secrets are hidden. Changes the tree; nothing without one.
std::string merged_yaml(Loading& loading);

// What the layers come to, as YAML or JSON that is accepted again; secrets are hidden, `${…}` stays
// as written. What can be shown is shown beside the problems.
Shown show(const ConfigInput& input, const ShowOptions& options);

}  // namespace weir::config
