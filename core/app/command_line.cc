#include "core/app/command_line.h"

#include <CLI/CLI.hpp>

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

}  // namespace weir::app
