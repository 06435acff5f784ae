#include "core/app/exit_status.h"

#include <iostream>

namespace weir::app {

ExitStatus exit_status_of(config::Verdict verdict) {
  switch (verdict) {
    case config::Verdict::Sound:
      return kGood;
    case config::Verdict::AtFault:
      return kInputAtFault;
    case config::Verdict::Unreadable:
      return kEnvironment;
  }
  return kInputAtFault;
}

ExitStatus report(const Result<void>& ended) {
  if (ended) return kGood;
  const Error& error = ended.error();
  // The problems of a configuration say themselves where they are.
  if (error.origin == ErrorOrigin::Config) {
    std::cerr << error.message << '\n';
    return kInputAtFault;
  }
  std::cerr << "weir: " << error.message << '\n';
  return kEnvironment;
}

}  // namespace weir::app
