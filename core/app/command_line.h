#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/build/config_input.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace weir::app {

// Reads the arguments of one verb into `line`. An exit status when there is nothing left to do:
// help was asked for and printed, or the command line is wrong, which was said on standard error.
std::optional<int> parse(CLI::App& line, std::span<char*> arguments);

// Adds an option that may be given several times, one value each; `values` outlives `line`.
CLI::Option& add_repeated(CLI::App& line, const std::string& names,
                          std::vector<std::string>& values, const std::string& about);

// Adds `-c`, which is returned, and `--set`, which fill `input`; it outlives `line`.
CLI::Option& add_config_options(CLI::App& line, config::ConfigInput& input);
// Adds `--env`, for those who only look at a configuration.
void add_env_option(CLI::App& line, config::ConfigInput& input);

}  // namespace weir::app
