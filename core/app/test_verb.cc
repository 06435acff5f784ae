#include <iostream>

#include <unistd.h>

#include "config/build/request_tests.h"
#include "core/app/command_line.h"
#include "core/app/exit_status.h"
#include "core/app/running_config.h"
#include "core/app/verbs.h"

namespace weir::app {

int test_verb(std::span<char*> arguments) {
  std::vector<std::string> files;
  config::ConfigInput input;
  CommandLine line(
      "Runs the tests that configurations bring along: the requests of `tests:` and what must come "
      "of them, as `weir explain` tells it. A file of tests may include the configuration that it "
      "is about. Exit status 1 when one fails.",
      "weir test");
  Option named = line.add_option("files", files, "Configurations with `tests:`");
  refuse_running(named);
  named.required().placeholder("FILE ...");
  add_set_option(line, input, "One value above each of them");
  add_env_option(line, input);
  if (const auto done = line.parse(arguments)) return *done;

  const bool terminal = isatty(STDOUT_FILENO) != 0;
  std::size_t passed = 0;
  std::size_t failed = 0;
  config::Verdict worst = config::Verdict::Sound;
  for (const std::string& file : files) {
    input.paths = {file};
    const config::TestReport report =
        config::run_request_tests(input, {.source_lines = terminal, .colour = terminal});
    std::cout << report.text;
    passed += report.passed;
    failed += report.failed;
    worst = std::max(worst, report.verdict);
  }
  std::cout << passed << " passed, " << failed << " failed\n" << std::flush;
  return exit_status_of(worst);
}

}  // namespace weir::app
