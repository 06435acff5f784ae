#include "config/build/config_source.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "config/build/loading.h"
#include "config/build/show.h"
#include "filters/builtin.h"

namespace weir::config {

server::LoadedSnapshot ConfigSource::load(std::uint64_t number) {
  Loading loading(states_);
  // What comes out of one comes once, and who reloads must not wait for what takes its place.
  if (number > 1) loading.pipes = Pipes::Refused;
  loading.load_files(input_, filters::builtin_filters());
  // Notes are for those who ask, with `weir check`.
  Diagnostics problems;
  for (Diagnostic& problem : loading.diagnostics.sorted()) {
    if (problem.severity != Severity::Note) problems.add(std::move(problem));
  }
  server::LoadedSnapshot result;
  std::istringstream lines(to_text(problems, loading.sources));
  for (std::string line; std::getline(lines, line);) result.problems.push_back({line});
  const std::vector<Diagnostic> sorted = problems.sorted();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    result.problems[i].json = to_json(sorted[i], loading.sources);
  }
  const auto kept = [&sorted](Severity severity) {
    return static_cast<std::size_t>(
        std::count_if(sorted.begin(), sorted.end(),
                      [severity](const Diagnostic& one) { return one.severity == severity; }));
  };
  result.more = {.errors = loading.diagnostics.errors() - kept(Severity::Error),
                 .warnings = loading.diagnostics.warnings() - kept(Severity::Warning),
                 .dropped = loading.diagnostics.dropped()};
  result.unreadable = loading.unreadable;
  result.files = std::move(loading.files);
  result.snapshot = std::move(loading.snapshot);
  if (result.snapshot != nullptr) {
    result.snapshot->number = number;
    result.snapshot->text = merged_yaml(loading);
    result.snapshot->text.shrink_to_fit();
    result.snapshot->variables = std::move(loading.variables);
  }
  return result;
}

}  // namespace weir::config
