#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/check.h"
#include "core/net/connection.h"
#include "core/tls/client_context.h"
#include "core/tls/server_context.h"
#include "core/tls/tls_transport.h"
#include "tests/support/unit/pipe.h"
#include "tests/support/unit/test_certificate.h"

// A client and a server of TLS, between which the input stands: it hands on what they say in pieces
// of its own choice, changes bytes, invents some, and ends either side. Whatever it does, what
// arrives must be the beginning of what was sent, and nothing without a handshake.

namespace {

using namespace weir;

struct End final : net::Connection::Owner, tls::HandshakeListener {
  End(event::Loop& loop, BlockPool& pool, tls::SslPtr ssl)
      : the_loop(loop), blocks(pool), pipe(loop) {
    test::in_turn(loop, [&] {
      connection = std::make_unique<net::Connection>(
          loop, blocks,
          std::make_unique<tls::TlsTransport>(loop, blocks, pipe.make_transport(), std::move(ssl),
                                              10'000, *this),
          *this);
      connection->start();
    });
    pipe.run();
  }
  ~End() {
    test::in_turn(the_loop, [this] { connection.reset(); });
  }

  void on_handshake(tls::Handshake&) override {
    WEIR_CHECK(!told);
    told = good = true;
  }
  void on_handshake_failed(const tls::HandshakeFailure& failure) override {
    WEIR_CHECK(!told && !failure.reason.empty());
    told = true;
    connection->close_when_flushed();
  }
  void on_input() override {
    WEIR_CHECK(good);
    seen += connection->input().to_string();
    connection->input().clear();
  }
  void on_input_end() override { ended = true; }
  void on_output_drained() override {}
  void on_closed(net::CloseReason) override {}

  // Says `size` bytes more, and ends then if `last`.
  void say(std::size_t size, bool last) {
    if (!good || connection->closing()) return;
    test::in_turn(the_loop, [&] {
      const std::string text(size, static_cast<char>('a' + said.size() % 26));
      connection->output().append_copy(blocks, text);
      said += text;
      if (last) connection->close_when_flushed();
    });
    pipe.run();
  }
  // What waits to be handed on to `other`; no more than `most`, with a bit of the first changed.
  void hand_on(End& other, std::size_t most, bool change) {
    std::string part = pipe.received.substr(0, most);
    pipe.received.erase(0, part.size());
    if (change && !part.empty()) part[0] = static_cast<char>(part[0] ^ 0x10);
    other.pipe.send(part);
    other.pipe.run();
  }

  event::Loop& the_loop;
  BlockPool& blocks;
  test::Pipe pipe;
  std::unique_ptr<net::Connection> connection;
  std::string said;
  std::string seen;
  bool told = false;
  bool good = false;
  bool ended = false;
};

struct Contexts {
  Contexts() {
    test::TestAuthority root;
    const test::TestCertificate one = root.issue({});
    tls::ServerSpec server_spec;
    server_spec.certificates = {{{one.certificate, "crt"}, {one.key, "key"}, {}}};
    server = std::move(tls::ServerContext::make(server_spec, "fuzz", keys)).value();
    tls::ClientSpec client_spec;
    client_spec.verify = false;
    client = std::move(tls::ClientContext::make(client_spec)).value();
    client_spec.protocol.max_version = tls::Version::Tls12;
    client_12 = std::move(tls::ClientContext::make(client_spec)).value();
  }

  tls::TicketKeys keys;
  std::unique_ptr<tls::ServerContext> server;
  std::unique_ptr<tls::ClientContext> client;
  std::unique_ptr<tls::ClientContext> client_12;
};

void step(End& from, End& to, std::uint8_t what, std::uint8_t size) {
  switch (what % 8) {
    case 0:
    case 1:
      return from.hand_on(to, SIZE_MAX, false);
    case 2:
      return from.hand_on(to, std::size_t{1} + size, false);
    case 3:
      return from.hand_on(to, std::size_t{1} + size, true);
    case 4:
      return from.say(std::size_t{1} + size * std::size_t{size}, false);
    case 5:
      return from.say(std::size_t{1} + size, true);
    case 6:
      to.pipe.take_at_most(size);
      return;
    default:
      if (size % 4 == 0) {
        to.pipe.send_fin();
      } else if (size % 4 == 1) {
        to.pipe.send_reset();
      } else {
        to.pipe.take_all();
      }
      to.pipe.run();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 400) return 0;
  static Contexts contexts;
  event::Loop loop;
  BlockPool blocks;
  const bool old = (data[0] & 1) != 0;
  {
    End server(loop, blocks, contexts.server->new_connection());
    const tls::ClientContext& context = old ? *contexts.client_12 : *contexts.client;
    End client(loop, blocks, context.new_connection("fuzz", "fuzz"));
    if ((data[0] & 2) != 0) {
      // The rest is what somebody says to the server, in pieces.
      const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
      const std::size_t piece = 1 + (data[0] >> 2);
      for (std::size_t at = 0; at < bytes.size(); at += piece) {
        server.pipe.send(bytes.substr(at, piece));
        server.pipe.run();
      }
      WEIR_CHECK(!server.good);
    } else {
      for (std::size_t i = 1; i + 1 < size; i += 2) {
        const bool up = (data[i] & 0x80) == 0;
        step(up ? client : server, up ? server : client, data[i], data[i + 1]);
      }
    }
    WEIR_CHECK(client.said.starts_with(server.seen) && server.said.starts_with(client.seen));
    // An end that was not told by the other side is none.
    WEIR_CHECK(!server.ended || server.seen == client.said);
    WEIR_CHECK(!client.ended || client.seen == server.said);
  }
  loop.run_once();
  return 0;
}
