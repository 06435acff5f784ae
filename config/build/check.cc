#include "config/build/check.h"

#include "config/build/loading.h"
#include "filters/builtin.h"

namespace weir::config {

Checked check(std::span<const std::string> paths, const CheckOptions& options) {
  StateRegistry states;
  Loading loading(states);
  loading.load_files(paths, process_environment(), filters::builtin_filters());
  const Diagnostics& diagnostics = loading.diagnostics;
  Checked checked;
  checked.report = options.json
                       ? to_json(diagnostics, loading.sources)
                       : to_text(diagnostics, loading.sources,
                                 {.source_lines = options.source_lines, .colour = options.colour});
  const bool sound = diagnostics.ok() && !(options.strict && diagnostics.warnings() > 0);
  if (!sound) checked.verdict = Checked::Verdict::AtFault;
  if (loading.unreadable) checked.verdict = Checked::Verdict::Unreadable;
  return checked;
}

}  // namespace weir::config
