#include <iostream>

#include "core/app/command_line.h"
#include "core/app/exit_status.h"
#include "core/app/origin.h"
#include "core/app/verbs.h"
#include "core/server/server.h"
#include "filters/network/http/http_codec.h"

namespace weir::app {

int origin_verb(std::span<char*> arguments) {
  std::string listen = "127.0.0.1:8000";
  std::string name = "origin";
  unsigned workers = 1;
  CommandLine line("A small origin for trying things out. It serves\n" + std::string(kOriginPaths),
                   "weir origin");
  line.add_option("--listen", listen, "Address to listen on").show_default();
  line.add_option("--name", name, "What it calls itself").show_default();
  line.add_option("--workers", workers, "Threads that serve").between(1u, 1024u).show_default();
  if (const auto done = line.parse(arguments)) return *done;

  const auto address = net::Address::parse(listen);
  if (!address) {
    std::cerr << "weir origin: --listen: " << address.error().message << '\n';
    return kUsage;
  }
  OriginSource source(name, *address, workers);
  server::ServerOptions options;
  options.make_http = filters::make_http_codec;
  options.version = kVersion;
  server::Server server(std::move(options), source);
  return report(server.run());
}

}  // namespace weir::app
