#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

#include "core/net/descriptor.h"
#include "core/server/server.h"

namespace weir::server {

// A source whose Snapshots a test makes.
class TestSource final : public SnapshotSource {
 public:
  using Make = std::function<LoadedSnapshot(std::uint64_t number)>;

  explicit TestSource(Make make) : make_(std::move(make)) {}
  LoadedSnapshot load(std::uint64_t number) override { return make_(number); }

 private:
  Make make_;
};

// A Server that runs in a thread until it is told to end; at the latest the destructor does.
class RunningServer {
 public:
  // Returns when the server is ready or has failed.
  explicit RunningServer(TestSource::Make make, ServerOptions options = without_signals());
  ~RunningServer();

  static ServerOptions without_signals() {
    ServerOptions options;
    options.signals = false;
    return options;
  }

  Server& operator*() { return server_; }
  Server* operator->() { return &server_; }
  const Listening& listening() const { return listening_; }
  const net::Address& address(std::size_t listener = 0) const {
    return listening_.listeners.at(listener).address;
  }
  // Waits for the end of run() and returns what it returned.
  Result<void> ended();

 private:
  ServerOptions with_ready(ServerOptions options);

  TestSource source_;
  Listening listening_;
  std::promise<void> ready_;
  bool told_ready_ = false;
  Server server_;
  Result<void> result_;
  std::thread thread_;
};

// A client that waits for what it asks.
class TestClient {
 public:
  explicit TestClient(const net::Address& address);

  void send(std::string_view bytes);
  // Waits until `size` bytes came; fewer when the server closes before.
  std::string receive(std::size_t size);
  std::string ask(std::string_view line) {
    send(line);
    return receive(line.size());
  }
  // Waits for the server's end of the connection; what came before it.
  std::string receive_rest();
  // Whether bytes or the end are here already.
  bool something_came() const;
  bool connected() const { return connected_; }
  void close() { socket_ = net::Descriptor(); }

 private:
  net::Descriptor socket_;
  bool connected_ = false;
};

inline RunningServer::RunningServer(TestSource::Make make, ServerOptions options)
    : source_(std::move(make)), server_(with_ready(std::move(options)), source_) {
  thread_ = std::thread([this] {
    result_ = server_.run();
    if (!std::exchange(told_ready_, true)) ready_.set_value();
  });
  ready_.get_future().wait();
}

inline RunningServer::~RunningServer() {
  server_.end();
  if (thread_.joinable()) thread_.join();
}

inline ServerOptions RunningServer::with_ready(ServerOptions options) {
  options.on_ready = [this](const Listening& listening) {
    listening_ = listening;
    told_ready_ = true;
    ready_.set_value();
  };
  return options;
}

inline Result<void> RunningServer::ended() {
  if (thread_.joinable()) thread_.join();
  return result_;
}

inline TestClient::TestClient(const net::Address& address) {
  sockaddr_storage storage;
  const socklen_t size = address.to_sockaddr(storage);
  socket_ = net::Descriptor(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  connected_ = connect(socket_.get(), reinterpret_cast<sockaddr*>(&storage), size) == 0;
}

inline void TestClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

inline std::string TestClient::receive(std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got = recv(socket_.get(), bytes.data() + filled, size - filled, 0);
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

inline std::string TestClient::receive_rest() {
  std::string all;
  for (;;) {
    const std::string more = receive(4096);
    all += more;
    if (more.size() < 4096) return all;
  }
}

inline bool TestClient::something_came() const {
  pollfd state{socket_.get(), POLLIN, 0};
  return poll(&state, 1, 0) == 1;
}

}  // namespace weir::server
