#pragma once

#include <string>

#include "config/build/config_input.h"
#include "core/base/result.h"

namespace weir::app {

class CommandLine;
class Option;

// Adds `--socket`, which names a running Weir.
void add_socket_option(CommandLine& line, std::string& socket);

// Whether `input` names `running` among its files; `./running` is a file.
bool is_running(const config::ConfigInput& input);

// What becomes of what operators have set on a running Weir: a layer above its configuration, of
// which standard error tells what no layer can say; or nothing, and standard error tells that.
enum class RunningOverrides : bool { Layer, Told };

// Where `input` names `running` as its file, its layers become the configuration that the Weir at
// `socket` runs, with the variables of its process.
Result<void> take_running(config::ConfigInput& input, const std::string& socket,
                          RunningOverrides wanted = RunningOverrides::Layer);
// Refuses `running` among the files of an option where it has no such meaning, unless there is a
// file of that name.
void refuse_running(Option files);

}  // namespace weir::app
