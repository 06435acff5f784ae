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

CLI::Option& add_repeated(CLI::App& line, const std::string& names,
                          std::vector<std::string>& values, const std::string& about) {
  return *line.add_option(names, values, about)
              ->expected(1)
              ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
              ->allow_extra_args(false);
}

CLI::Option& add_config_options(CLI::App& line, config::ConfigInput& input) {
  CLI::Option& files = add_repeated(
      line, "-c,--config", input.paths,
      "The configuration: a file, or a directory of *.yaml; each is a layer above those before");
  files.required()->option_text("FILE|DIR ...");
  add_repeated(line, "--set", input.sets,
               "One value above all files, such as listeners.web.address=0.0.0.0:80")
      .check([](const std::string& text) {
        const auto assignment = config::parse_assignment(text);
        return assignment ? std::string() : assignment.error().message;
      })
      ->option_text("PATH=VALUE ...");
  return files;
}

void add_env_option(CLI::App& line, config::ConfigInput& input) {
  line.add_option("--env", input.env, "Variables for ${NAME}, one NAME=VALUE a line")
      ->option_text("FILE");
}

}  // namespace weir::app
