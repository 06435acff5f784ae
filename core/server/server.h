#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/server/admin.h"
#include "core/server/snapshot_source.h"

namespace weir::server {

class Control;

// What a Server listens on, once it does.
struct Listening {
  struct Listener {
    std::string name;
    net::Address address;  // as it is bound
  };
  std::vector<Listener> listeners;
  net::Address admin;  // Family::None without one
};

struct ServerOptions {
  std::optional<unsigned> workers;  // in place of the Snapshot's
  // Whether process signals steer it: SIGTERM and SIGINT drain and then exit, a second one exits at
  // once, SIGHUP reloads, SIGUSR1 opens logs again. SIGPIPE is ignored in any case.
  bool signals = true;
  MakeHttpCodec make_http = nullptr;  // for the admin pages; without it there are none
  std::string version;
  // Called once, on the control thread, when connections are accepted.
  std::function<void(const Listening&)> on_ready;
};

// A whole Weir: the control thread, which is the caller of run(), the workers and the builder
// thread. Several may be in one process.
class Server {
 public:
  // `source` lives longer.
  Server(ServerOptions options, SnapshotSource& source);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Loads the configuration, serves, and returns after drain() or end() when all threads have
  // ended and everything is destroyed. Errors are those of the start: ErrorOrigin::Config with all
  // problems, one a line, or ErrorOrigin::System such as a port that is taken. Once.
  Result<void> run();

  // --- any thread ------------------------------------------------------------------------------
  // Stops accepting, lets streams finish for up to drain_timeout, and ends.
  void drain();
  // Closes everything and ends.
  void end();
  // Reads the configuration again; if there is an error, it is logged and nothing changes.
  void reload();
  void reopen_logs();

 private:
  void tell(void (Control::*what)());

  ServerOptions options_;
  SnapshotSource& source_;
  std::mutex mutex_;
  Control* control_ = nullptr;              // while run() serves
  std::vector<void (Control::*)()> early_;  // told before that
};

}  // namespace weir::server
