#include "config/build/check.h"

#include <utility>

#include "config/build/loading.h"
#include "config/build/test_mistakes.h"
#include "filters/builtin.h"

namespace weir::config {

namespace {

// What counts as an error is called one.
Diagnostics judged_strictly(const Diagnostics& found) {
  Diagnostics all;
  for (Diagnostic& each : found.sorted()) {
    if (each.severity == Severity::Warning) each.severity = Severity::Error;
    all.add(std::move(each));
  }
  return all;
}

}  // namespace

Checked check(const ConfigInput& input, const CheckOptions& options) {
  StateRegistry states;
  Loading loading(states);
  loading.offline = options.offline;
  loading.surroundings = true;
  // A start looks at no test.
  loading.after_build = [&](const server::Snapshot& built, const Gaps& gaps) {
    report_test_mistakes(built, gaps, Severity::Warning, loading);
  };
  loading.load_files(input, filters::builtin_filters());
  const Diagnostics& found = loading.diagnostics;
  const Diagnostics diagnostics = options.strict ? judged_strictly(found) : found;
  Checked checked;
  checked.report = options.json ? to_json(diagnostics, loading.sources)
                                : to_text(diagnostics, loading.sources, options.style);
  checked.verdict = loading.verdict(options.strict);
  return checked;
}

}  // namespace weir::config
