#include "core/app/command_line.h"

#include <CLI/CLI.hpp>

#include "config/set_layer.h"
#include "core/app/exit_status.h"

namespace weir::app {

std::optional<int> parse(CLI::App& line, std::span<char*> arguments) {
  try {
    line.parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::ParseError& error) {
    return line.exit(error) == 0 ? kGood : kUsage;
  }
  return std::nullopt;
}

void add_config_options(CLI::App& line, config::ConfigInput& input) {
  line.add_option(
          "-c,--config", input.paths,
          "The configuration: a file, or a directory of *.yaml; each is a layer above those before")
      ->required()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->option_text("FILE|DIR ...");
  line.add_option("--set", input.sets,
                  "One value above all files, such as listeners.web.address=0.0.0.0:80")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check([](const std::string& text) {
        const auto assignment = config::parse_assignment(text);
        return assignment ? std::string() : assignment.error().message;
      })
      ->option_text("PATH=VALUE ...");
}

}  // namespace weir::app
