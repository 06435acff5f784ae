#pragma once

#include <optional>
#include <span>

namespace CLI {
class App;
}

namespace weir::app {

// Reads the arguments of one verb into `line`. An exit status when there is nothing left to do:
// help was asked for and printed, or the command line is wrong, which was said on standard error.
std::optional<int> parse(CLI::App& line, std::span<char*> arguments);

}  // namespace weir::app
