#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <thread>

#include <unistd.h>

#include "config/build/config_source.h"
#include "core/app/command_line.h"
#include "core/app/demo_config.h"
#include "core/app/exit_status.h"
#include "core/app/origin.h"
#include "core/app/verbs.h"
#include "core/base/log.h"
#include "core/server/server.h"
#include "filters/network/http/http_codec.h"

namespace weir::app {
namespace {

server::ServerOptions server_options() {
  server::ServerOptions options;
  options.make_http = filters::make_http_codec;
  options.version = kVersion;
  return options;
}

// An origin on a free port, in a thread of its own.
class DemoOrigin {
 public:
  explicit DemoOrigin(std::string name)
      : source_(std::move(name), net::Address::parse("127.0.0.1:0").value(), 1),
        server_(make_options(), source_),
        thread_([this] {
          const auto ended = server_.run();
          if (!ended) address_.set_value(ended.error());
        }) {}
  ~DemoOrigin() {
    server_.end();
    thread_.join();
  }

  // Once.
  Result<net::Address> address() { return address_.get_future().get(); }

 private:
  server::ServerOptions make_options() {
    server::ServerOptions options = server_options();
    options.signals = false;
    options.on_ready = [this](const server::Listening& listening) {
      address_.set_value(listening.listeners.front().address);
    };
    return options;
  }

  std::promise<Result<net::Address>> address_;
  OriginSource source_;
  server::Server server_;
  std::thread thread_;
};

// The configuration as a file of its own, so that it can be changed and read again.
class DemoFile {
 public:
  DemoFile() {
    std::string folder = std::filesystem::temp_directory_path() / "weir-demo-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) return;
    folder_ = folder;
    std::ofstream(path()) << kDemoConfig;
  }
  ~DemoFile() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  DemoFile(const DemoFile&) = delete;
  DemoFile& operator=(const DemoFile&) = delete;

  bool there() const { return !folder_.empty(); }
  std::string path() const { return folder_ / "weir.yaml"; }

 private:
  std::filesystem::path folder_;
};

void say_what_to_try(const server::Listening& listening, const std::string& path) {
  const std::string web = "http://" + listening.listeners.front().address.to_string();
  const std::string admin = "http://" + listening.admin.to_string();
  std::cout << "\nWeir serves " << web << " from three origins. Try:\n\n"
            << "  curl " << web << "/hello               # Weir answers by itself\n"
            << "  curl " << web << "/                    # one origin after the other\n"
            << "  curl " << web << "/api/headers         # one in ten goes to the canary\n"
            << "  curl -H 'x-canary: 1' " << web << "/api/\n"
            << "  curl -i " << web << "/old/headers         # a redirect\n"
            << "  curl -i " << web << "/delay/5000       # 504 after two seconds\n"
            << "  curl -d hello " << web << "/echo\n"
            << "  curl -o /dev/null " << web << "/bytes/100000000\n\n"
            << "  curl " << admin << "/clusters\n"
            << "  curl " << admin << "/connections\n"
            << "  curl " << admin << "/metrics\n\n"
            << "The configuration is " << path << "\n"
            << "Change it, then: kill -HUP " << getpid() << "\n"
            << "Ctrl-C ends it all. The access log follows.\n\n"
            << std::flush;
}

}  // namespace

int demo_verb(std::span<char*> arguments) {
  std::string listen = "127.0.0.1:0";
  std::string admin = "127.0.0.1:0";
  CommandLine line(
      "A complete running example: three origins, a proxy with routes, and its admin pages. Says "
      "what to try.",
      "weir demo");
  line.add_option("--listen", listen, "Address of the proxy; port 0 is any that is free")
      .show_default();
  line.add_option("--admin", admin, "Address of the admin pages").show_default();
  if (const auto done = line.parse(arguments)) return *done;

  const DemoFile file;
  if (!file.there()) {
    std::cerr << "weir demo: cannot make a folder for temporary files\n";
    return kEnvironment;
  }
  setenv("WEIR_DEMO_LISTEN", listen.c_str(), 1);
  setenv("WEIR_DEMO_ADMIN", admin.c_str(), 1);
  set_log_level(LogLevel::Warning);

  std::vector<std::unique_ptr<DemoOrigin>> origins;
  for (const auto& [name, variable] :
       {std::pair("one", "WEIR_DEMO_ONE"), std::pair("two", "WEIR_DEMO_TWO"),
        std::pair("canary", "WEIR_DEMO_CANARY")}) {
    origins.push_back(std::make_unique<DemoOrigin>(name));
    const auto address = origins.back()->address();
    if (!address) return report(address.error());
    setenv(variable, address->to_string().c_str(), 1);
  }
  config::ConfigSource source({.paths = {file.path()}});
  server::ServerOptions options = server_options();
  options.on_ready = [&file](const server::Listening& listening) {
    say_what_to_try(listening, file.path());
  };
  server::Server proxy(std::move(options), source);
  return report(proxy.run());
}

}  // namespace weir::app
