#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/list.h"
#include "core/filter/downstream.h"
#include "core/net/listener.h"
#include "core/server/admin_pages.h"

namespace weir::server {

// Makes the factory of the `http` codec, which lives with the filters.
using MakeHttpCodec = std::unique_ptr<filter::NetworkTerminalFactory> (*)();

// What the admin pages show. Control thread.
class AdminSource {
 public:
  enum class State : unsigned char { Ready, Draining };
  using TakeConnections = std::function<void(ConnectionRows)>;

  virtual State state() const = 0;
  // As MetricsText.
  virtual std::string metrics() = 0;
  virtual std::vector<upstream::ClusterRegistry::Listed> clusters() const = 0;
  // At most `most` of all workers; `take` is called later, once.
  virtual void list_connections(std::size_t most, TakeConnections take) = 0;

 protected:
  ~AdminSource() = default;
};

// The admin address: a read-only HTTP server on the control thread, of the same parts as those for
// clients.
class Admin final : private net::Listener::Owner {
 public:
  // With one more the oldest is closed.
  static constexpr std::uint32_t kMaxConnections = 64;

  Admin(event::Reactor& reactor, AdminSource& source, MakeHttpCodec make_http);
  // Without connections: drain() or close_all() first, then a turn of the loop.
  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  struct Socket {
    net::Address asked;
    net::Address bound;
    net::Descriptor descriptor;  // none when `asked` is what the pages are at already
  };
  Result<Socket> open(const net::Address& address) const;
  // Listens on `socket` from now on, and not on the one before.
  void listen(Socket socket);
  void stop_listening();
  // Family::None when it does not listen.
  const net::Address& address() const { return bound_; }
  void close_all();

 private:
  class Connection;
  class Terminal;
  class TerminalFactory;

  void on_accept(net::Descriptor socket, const net::Address& peer) override;
  void on_accept_trouble(int code) override;
  void connection_over();

  event::Reactor& reactor_;
  AdminSource& source_;
  filter::Chain chain_;
  filter::ChainHost host_;
  net::Address asked_;
  net::Address bound_;
  std::unique_ptr<net::Listener> listener_;
  List<Connection> connections_;
  std::uint32_t open_ = 0;
  SlotMap<Terminal> waiting_;  // for connections of the workers
};

}  // namespace weir::server
