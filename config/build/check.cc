#include "config/build/check.h"

#include "config/build/loading.h"
#include "config/env_file.h"
#include "filters/builtin.h"

namespace weir::config {

Checked check(const ConfigInput& input, const CheckOptions& options) {
  StateRegistry states;
  Loading loading(states);
  loading.offline = options.offline;
  const Result<Environment> environment =
      options.env.empty() ? process_environment() : environment_with(options.env);
  if (environment) {
    loading.load_files(input, *environment, filters::builtin_filters());
  } else {
    loading.fail(environment.error());
  }
  const Diagnostics& diagnostics = loading.diagnostics;
  Checked checked;
  checked.report = options.json
                       ? to_json(diagnostics, loading.sources)
                       : to_text(diagnostics, loading.sources,
                                 {.source_lines = options.source_lines, .colour = options.colour});
  checked.verdict = loading.verdict(options.strict);
  return checked;
}

}  // namespace weir::config
