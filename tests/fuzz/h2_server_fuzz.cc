#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/check.h"
#include "tests/unit/core/http/h2_fuzzed.h"

// The first byte chooses the split, whether the preface and settings come before the bytes, and
// what the server does. What it is told must not depend on the split.

namespace {

using namespace weir;
using namespace weir::http;

H2Settings settings_of(unsigned seed) {
  H2Settings settings;
  settings.extended_connect = (seed & 2) != 0;
  if ((seed & 4) != 0) {
    settings.max_streams = 3;
    settings.head = {.head_bytes = 300, .target_bytes = 20, .fields = 5, .trailer_bytes = 100};
    settings.floods.pings = {.burst = 3, .per_second = 1};
    settings.floods.resets = {.burst = 3, .per_second = 1};
    settings.floods.provoked_resets = {.burst = 3, .per_second = 1};
  }
  return settings;
}

std::string read_split(std::string_view bytes, const H2Settings& settings, unsigned split) {
  h2::Peer server(H2Codec::Side::Server, settings);
  h2::feed_split(server, bytes, split);
  server.write();
  const std::string told = h2::told(server);
  h2::finish(server);
  return told;
}

// Answers in the middle of everything, writes little at once, and resets some.
void serve(std::string_view bytes, const H2Settings& settings, unsigned seed) {
  h2::Peer server(H2Codec::Side::Server, settings);
  server.greedy = (seed & 8) != 0;
  server.at_stream = [&](h2::Exchange& exchange) {
    const auto id = static_cast<unsigned>(exchange.stream->id());
    exchange.at_head = [&, id] {
      const unsigned act = (seed / 16 + id) % 4;
      if (act == 0) return server.let_go(exchange);
      server.respond(exchange, act == 1 ? 204 : 200, act == 1);
      if (act == 1) return;
      server.send(exchange, std::string(id % 64 * 500, 'x'), act == 2);
      if (act == 2) return server.let_go(exchange, H2Error::None);
      exchange.trailers.add("grpc-status", "0");
      server.codec.send_trailers(*exchange.stream, exchange.trailers);
      exchange.trailers.clear();
    };
    exchange.at_bad_message = [&](const ParseError& error) {
      if (exchange.response.status == 0) server.respond(exchange, error.status, true);
    };
  };
  std::string out;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, 1 + seed % 61);
    server.now += 10;
    server.feed(part);
    bytes.remove_prefix(part.size());
    if (seed % 3 != 0) out += server.write(1 + seed * 10);
  }
  if (seed % 5 == 0) server.codec.drain();
  while (server.codec.wants_write()) {
    const std::string more = server.write();
    if (more.empty()) break;
    out += more;
  }
  h2::frames_in(out);
  h2::finish(server);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 32 * 1024) return 0;
  const unsigned seed = data[0];
  std::string bytes;
  if ((seed & 1) != 0) bytes = std::string(h2::kPreface) + h2::settings({});
  bytes.append(reinterpret_cast<const char*>(data) + 1, size - 1);
  const H2Settings settings = settings_of(seed);
  WEIR_CHECK(read_split(bytes, settings, 0) == read_split(bytes, settings, seed + 1));
  serve(bytes, settings, seed);
  return 0;
}
