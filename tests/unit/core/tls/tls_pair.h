#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "core/net/connection.h"
#include "core/net/descriptor.h"
#include "core/net/socket_transport.h"
#include "core/tls/tls_transport.h"
#include "tests/support/unit/pipe.h"
#include "tests/support/unit/test_certificate.h"
#include "tests/unit/core/tls/contexts.h"

namespace weir::test {

// Moves at most so many bytes a call, and counts the calls.
class NarrowTransport final : public net::Transport {
 public:
  struct Limits {
    std::size_t read = SIZE_MAX;
    std::size_t write = SIZE_MAX;
    int reads = 0;
    int writes = 0;
  };

  NarrowTransport(std::unique_ptr<net::Transport> below, Limits& limits)
      : below_(std::move(below)), limits_(limits) {}

  void set_owner(Owner& owner) override { below_->set_owner(owner); }
  net::Io read_some(std::span<const iovec> space) override {
    ++limits_.reads;
    if (limits_.read == SIZE_MAX) return below_->read_some(space);
    const iovec piece{space[0].iov_base, std::min(space[0].iov_len, limits_.read)};
    return below_->read_some(std::span(&piece, 1));
  }
  net::Io write_some(std::span<const iovec> bytes, bool end_follows) override {
    ++limits_.writes;
    if (limits_.write == SIZE_MAX) return below_->write_some(bytes, end_follows);
    if (limits_.write == 0) return {net::Io::Kind::Again};
    const iovec piece{bytes[0].iov_base, std::min(bytes[0].iov_len, limits_.write)};
    return below_->write_some(std::span(&piece, 1), false);
  }
  void want(unsigned events) override {
    below_->want(limits_.write == 0 ? events & ~unsigned{event::kWritable} : events);
  }
  void shutdown_write() override { below_->shutdown_write(); }
  bool quiet() override { return below_->quiet(); }
  bool stirred() const override { return below_->stirred(); }
  int raw_fd() const override { return below_->raw_fd(); }

 private:
  std::unique_ptr<net::Transport> below_;
  Limits& limits_;
};

// One side: a connection over TLS over a socket, and all that it was told.
class TlsEnd final : public net::Connection::Owner, public tls::HandshakeListener {
 public:
  TlsEnd(event::Loop& loop, BlockPool& pool) : loop_(loop), blocks(pool) {}
  ~TlsEnd() {
    in_turn(loop_, [this] { connection.reset(); });
  }

  void start(tls::SslPtr ssl, net::Descriptor socket, std::uint64_t timeout_ms = 10'000,
             Buffer already_read = {}) {
    auto plain = std::make_unique<net::SocketTransport>(loop_, std::move(socket));
    auto narrow = std::make_unique<NarrowTransport>(std::move(plain), limits);
    auto secure =
        std::make_unique<tls::TlsTransport>(loop_, blocks, std::move(narrow), std::move(ssl),
                                            timeout_ms, *this, std::move(already_read));
    transport = secure.get();
    in_turn(loop_, [&] {
      connection = std::make_unique<net::Connection>(loop_, blocks, std::move(secure), *this);
      connection->start();
    });
  }
  void write(std::string_view bytes) {
    in_turn(loop_, [&] { connection->output().append_copy(blocks, bytes); });
  }
  bool over() const { return handshake.has_value() || failure.has_value(); }
  std::string reason() const { return failure ? std::string(failure->reason) : "none"; }

  void on_handshake(tls::Handshake& done) override {
    EXPECT_FALSE(over());
    handshake = std::move(done);
    if (at_handshake) at_handshake();
  }
  void on_handshake_failed(const tls::HandshakeFailure& why) override {
    EXPECT_FALSE(over());
    failure = why;
    if (at_failure) {
      at_failure();
    } else {
      connection->close_when_flushed();
    }
  }
  void on_input() override {
    EXPECT_TRUE(handshake.has_value());
    seen += connection->input().to_string();
    connection->input().clear();
  }
  void on_input_end() override { ended = true; }
  void on_output_drained() override {
    if (at_drained) at_drained();
  }
  void on_closed(net::CloseReason why) override { closed = why; }

 private:
  event::Loop& loop_;

 public:
  BlockPool& blocks;
  NarrowTransport::Limits limits;
  std::unique_ptr<net::Connection> connection;
  tls::TlsTransport* transport = nullptr;
  std::optional<tls::Handshake> handshake;
  std::optional<tls::HandshakeFailure> failure;
  std::string seen;
  bool ended = false;
  std::optional<net::CloseReason> closed;
  std::function<void()> at_handshake;
  std::function<void()> at_failure;
  std::function<void()> at_drained;
};

inline std::pair<net::Descriptor, net::Descriptor> make_sockets() {
  int both[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both), 0);
  return {net::Descriptor(both[0]), net::Descriptor(both[1])};
}

// A server with a certificate for example.com and a client that believes it, both to be changed
// before they meet.
class TlsPairTest : public testing::Test {
 protected:
  TlsPairTest() {
    server_spec.certificates = {
        spec_of(root.issue({.common_name = "server", .dns = {"example.com"}}))};
    client_spec.trust.ca = {root.certificate(), "ca.crt"};
  }

  // New contexts of the specs.
  void configure() {
    server_context = server_of(server_spec, keys);
    client_context = client_of(client_spec);
  }
  // One connection, until both were told or `rounds` have passed. Those before it are gone.
  void meet(int rounds = 2'000) {
    if (server_context == nullptr || client_context == nullptr) configure();
    begin();
    run_until([&] { return server->over() && client->over(); }, rounds);
  }
  void begin() {
    auto [a, b] = make_sockets();
    begin(std::move(a), std::move(b));
  }
  void begin(net::Descriptor for_server, net::Descriptor for_client) {
    const auto narrow = [](std::unique_ptr<TlsEnd>& end, std::unique_ptr<TlsEnd> fresh) {
      if (end != nullptr) fresh->limits = end->limits;
      end = std::move(fresh);
    };
    narrow(server, std::make_unique<TlsEnd>(loop, blocks));
    narrow(client, std::make_unique<TlsEnd>(loop, blocks));
    server->start(server_context->new_connection(), std::move(for_server));
    client->start(client_context->new_connection(host, "peer"), std::move(for_client));
  }
  template <typename Condition>
  bool run_until(Condition condition, int rounds = 20'000) {
    for (int i = 0; i < rounds && !condition(); ++i) loop.run_once();
    return condition();
  }
  // What each says reaches the other; with it tickets arrive.
  void talk() {
    client->write("question");
    ASSERT_TRUE(run_until([&] { return server->seen == "question"; }));
    server->write("answer");
    ASSERT_TRUE(run_until([&] { return client->seen == "answer"; }));
  }

  event::Loop loop;
  BlockPool blocks;
  TestAuthority root;
  tls::TicketKeys keys;
  tls::ServerSpec server_spec;
  tls::ClientSpec client_spec;
  std::string host = "example.com";
  std::unique_ptr<tls::ServerContext> server_context;
  std::unique_ptr<tls::ClientContext> client_context;
  std::unique_ptr<TlsEnd> server;
  std::unique_ptr<TlsEnd> client;
};

}  // namespace weir::test
