#pragma once

#include "config/build/verdict.h"
#include "core/base/result.h"

namespace weir::app {

enum ExitStatus : int {
  kGood = 0,
  kInputAtFault = 1,  // the configuration or what else was given to look at
  kUsage = 2,         // the command line
  kEnvironment = 3,   // a port that is taken, a file that cannot be read
};

// The status for what a configuration is found to be.
ExitStatus exit_status_of(config::Verdict verdict);

// The status for what a server came to; an error is printed on standard error.
ExitStatus report(const Result<void>& ended);

}  // namespace weir::app
