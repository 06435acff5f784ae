#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/list.h"
#include "core/filter/downstream.h"
#include "core/net/listener.h"
#include "core/net/socket_file.h"
#include "core/server/admin_request.h"

namespace weir::server {

// Makes the factory of the `http` codec, which lives with the filters.
using MakeHttpCodec = std::unique_ptr<filter::NetworkTerminalFactory> (*)();

// An HTTP server on the control thread, of the same parts as those for clients: for the read-only
// pages at a TCP address, and for `weir ctl` at a unix socket.
class Admin final : private net::Listener::Owner {
 public:
  enum class Access : unsigned char { ReadOnly, Full };
  // Answers on the control thread, at once or later, and at most once.
  using Handler = std::function<void(AdminRequest request, TakeAnswer take)>;

  // With one more the oldest is closed.
  static constexpr std::uint32_t kMaxConnections = 64;
  // Of a request.
  static constexpr std::size_t kMaxBody = 64 * 1024;

  Admin(event::Reactor& reactor, Access access, MakeHttpCodec make_http, Handler handler);
  // Without connections: close_all() first, then a turn of the loop.
  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  struct Socket {
    net::Address asked;
    net::Address bound;
    net::Descriptor descriptor;  // none when `asked` is what it listens on already
    net::SocketFile file{};
  };
  // A unix socket gets mode 0600, and is made anew when its file is gone. An error begins with
  // `where`, if that is known.
  Result<Socket> open(const net::Address& address, std::string_view where) const;
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
  const Access access_;
  Handler handler_;
  filter::Chain chain_;
  filter::ChainHost host_;
  net::Address asked_;
  net::Address bound_;
  net::SocketFile file_;
  std::unique_ptr<net::Listener> listener_;
  List<Connection> connections_;
  std::uint32_t open_ = 0;
  SlotMap<Terminal> waiting_;  // for an answer
};

}  // namespace weir::server
