#pragma once

#include <string>
#include <vector>

#include "config/build/config_input.h"
#include "config/build/verdict.h"
#include "config/diagnostics.h"

namespace weir::config {

struct TestOptions {
  bool json = false;  // one object, for tools
  TextStyle style{};  // of the problems of a configuration
};

// What came of the tests that a configuration brings with it, or why there was nothing to test.
struct TestReport {
  Verdict verdict = Verdict::Sound;
  std::size_t passed = 0;
  std::size_t failed = 0;
  // A line for each expectation that is not met, and what `weir explain` says of the request; the
  // problems of a configuration that cannot be read. As JSON, what `weir check` says of it, with
  // the tests that failed.
  std::string text;
};

// Asks the configuration of `input`, which has a Snapshot without errors, each request of its
// `tests:`. A configuration without tests is at fault.
TestReport run_request_tests(const ConfigInput& input, const TestOptions& options);

}  // namespace weir::config
