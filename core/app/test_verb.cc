#include <iostream>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "config/build/request_tests.h"
#include "core/app/command_line.h"
#include "core/app/exit_status.h"
#include "core/app/running_config.h"
#include "core/app/terminal.h"
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
  bool json = false;
  line.add_flag("--json", json, "One JSON object on standard output, for tools");
  if (const auto done = line.parse(arguments)) return *done;

  config::TestOptions options{.json = json, .style = {}};
  options.style = style_for(STDOUT_FILENO);
  std::size_t passed = 0;
  std::size_t failed = 0;
  config::Verdict worst = config::Verdict::Sound;
  auto tested = nlohmann::ordered_json::array();
  for (const std::string& file : files) {
    input.paths = {file};
    const config::TestReport report = config::run_request_tests(input, options);
    passed += report.passed;
    failed += report.failed;
    worst = std::max(worst, report.verdict);
    if (json) {
      tested.push_back({{"file", file}});
      tested.back().update(nlohmann::ordered_json::parse(report.text, nullptr, false));
    } else {
      std::cout << report.text;
    }
  }
  if (json) {
    const nlohmann::ordered_json all = {
        {"passed", passed}, {"failed", failed}, {"files", std::move(tested)}};
    constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
    std::cout << all.dump(2, ' ', false, kReplace) << '\n' << std::flush;
  } else {
    std::cout << passed << " passed, " << failed << " failed\n" << std::flush;
  }
  return exit_status_of(worst);
}

}  // namespace weir::app
