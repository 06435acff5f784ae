#include "core/server/server.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <future>
#include <thread>

#include "core/base/log.h"
#include "core/net/socket.h"
#include "core/server/builder.h"
#include "core/server/control.h"
#include "core/server/memory_trim.h"

namespace weir::server {
namespace {

LoadedSnapshot load_first(Builder& builder) {
  std::promise<LoadedSnapshot> promise;
  std::future<LoadedSnapshot> first = promise.get_future();
  builder.load(1, [&promise](LoadedSnapshot loaded) { promise.set_value(std::move(loaded)); });
  return first.get();
}

std::string one_a_line(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += (text.empty() ? "" : "\n") + problem.text;
  return text;
}

}  // namespace

Server::Server(ServerOptions options, SnapshotSource& source)
    : options_(std::move(options)), source_(source) {
  std::signal(SIGPIPE, SIG_IGN);
}

Server::~Server() = default;

Result<void> Server::run() {
  MemoryTrim::set_limits();
  Builder builder(source_);
  LoadedSnapshot first = load_first(builder);
  if (first.snapshot == nullptr) {
    return Error{first.unreadable ? ErrorOrigin::System : ErrorOrigin::Config,
                 one_a_line(first.problems)};
  }
  const unsigned workers = std::max(1u, options_.workers.value_or(first.snapshot->workers));
  // Of a worker: two sets of the loop and its wake-up, with some to serve with.
  const std::size_t least = 16 + std::size_t{8} * workers;
  if (const std::size_t limit = net::raise_descriptor_limit(); limit < least) {
    return Error{ErrorOrigin::System,
                 std::to_string(workers) + " workers need at least " + std::to_string(least) +
                     " descriptors, and the limit is " + std::to_string(limit) + " (ulimit -n)"};
  }
  const std::vector<Problem> problems = first.problems;
  Control control(options_, builder, workers);
  const Result<void> started = control.start(std::move(first));
  for (const Problem& problem : problems) log_warning("config", "{}", problem.text);
  if (!started) return started.error();
  {
    std::lock_guard lock(mutex_);
    control_ = &control;
    for (const auto what : early_) control.post(what);
  }
  control.run();
  if (!control.end_state()) {
    log_error("server", "writing the state file did not end in time: leaving it behind");
    std::_Exit(0);
  }
  if (!builder.end(Control::kEndTimeout)) {
    log_error("server", "reading the configuration did not end in time: leaving it behind");
    std::_Exit(0);
  }
  std::lock_guard lock(mutex_);
  control_ = nullptr;
  return {};
}

void Server::tell(void (Control::*what)()) {
  std::lock_guard lock(mutex_);
  if (control_ != nullptr) {
    control_->post(what);
  } else {
    early_.push_back(what);
  }
}

void Server::drain() {
  tell(&Control::drain);
}
void Server::end() {
  tell(&Control::end);
}
void Server::reload() {
  tell(&Control::reload);
}
void Server::reopen_logs() {
  tell(&Control::reopen_logs);
}

}  // namespace weir::server
