#include <iostream>

#include <unistd.h>

#include "config/build/check.h"
#include "core/app/command_line.h"
#include "core/app/exit_status.h"
#include "core/app/running_config.h"
#include "core/app/terminal.h"
#include "core/app/verbs.h"

namespace weir::app {

int check_verb(std::span<char*> arguments) {
  config::ConfigInput input;
  config::CheckOptions options;
  CommandLine line(
      "Finds every problem in a configuration, each as file:line:col: error: … on standard error. "
      "Exit status 0 when it is sound, 1 when it is not, 3 when it cannot be read.",
      "weir check");
  refuse_running(add_config_options(line, input));
  line.add_flag(
      "--offline", options.offline,
      "Files, variables and addresses that are not here are notes: for a configuration of "
      "elsewhere");
  add_env_option(line, input);
  line.add_flag("--strict", options.strict, "Warnings count as errors");
  line.add_flag("--json", options.json, "One JSON object on standard output, for tools");
  if (const auto done = line.parse(arguments)) return *done;

  options.style = style_for(STDERR_FILENO);
  const config::Checked checked = config::check(input, options);
  std::ostream& out = options.json ? std::cout : std::cerr;
  out << checked.report;
  if (!checked.report.empty() && checked.report.back() != '\n') out << '\n';
  return exit_status_of(checked.verdict);
}

}  // namespace weir::app
