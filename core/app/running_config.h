#pragma once

#include <string>

#include "config/build/config_input.h"
#include "core/base/result.h"

namespace CLI {
class App;
}  // namespace CLI

namespace weir::app {

// Adds `--socket`, which names a running Weir.
void add_socket_option(CLI::App& line, std::string& socket);

// Where `input` names `running` as its file, its layers become the configuration that the Weir at
// `socket` runs and, above it, what operators have set there. `./running` is a file.
Result<void> take_running(config::ConfigInput& input, const std::string& socket);

}  // namespace weir::app
