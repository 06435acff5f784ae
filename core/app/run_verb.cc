#include <csignal>
#include <iostream>

#include "config/build/config_source.h"
#include "core/app/command_line.h"
#include "core/app/exit_status.h"
#include "core/app/running_config.h"
#include "core/app/verbs.h"
#include "core/event/signal.h"
#include "core/server/server.h"
#include "filters/network/http/http_codec.h"

namespace weir::app {

int run_verb(std::span<char*> arguments) {
  // What comes while it is still starting is done behind that.
  for (const int number : {SIGHUP, SIGUSR1}) event::Signal::hold(number);
  config::ConfigInput input;
  std::optional<unsigned> workers;
  CommandLine line(
      "Serves a configuration. SIGHUP reads it again; SIGTERM stops accepting, lets streams finish "
      "and ends, a second one ends at once; SIGUSR1 opens log files again.",
      "weir run");
  refuse_running(add_config_options(line, input));
  line.add_option("--workers", workers, "Threads that serve, in place of `workers:`")
      .between(1u, 512u)
      .placeholder("N");
  if (const auto done = line.parse(arguments)) return *done;

  config::ConfigSource source(std::move(input));
  server::ServerOptions options;
  options.workers = workers;
  options.make_http = filters::make_http_codec;
  options.version = kVersion;
  server::Server server(std::move(options), source);
  return report(server.run());
}

}  // namespace weir::app
