#pragma once

#include <string>

#include "config/build/config_input.h"
#include "core/base/result.h"

namespace weir::app {

class CommandLine;
class Option;

// Adds `--socket`, which names a running Weir.
void add_socket_option(CommandLine& line, std::string& socket);

// Where `input` names `running` as its file, its layers become the configuration that the Weir at
// `socket` runs and, above it, what operators have set there. What of that no layer can say is told
// on standard error. `./running` is a file.
Result<void> take_running(config::ConfigInput& input, const std::string& socket);
// Refuses `running` among the files of an option where it has no such meaning, unless there is a
// file of that name.
void refuse_running(Option files);

}  // namespace weir::app
