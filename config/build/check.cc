#include "config/build/check.h"

#include "config/build/loading.h"
#include "filters/builtin.h"

namespace weir::config {

Checked check(const ConfigInput& input, const CheckOptions& options) {
  StateRegistry states;
  Loading loading(states);
  loading.offline = options.offline;
  loading.surroundings = true;
  loading.load_files(input, filters::builtin_filters());
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
