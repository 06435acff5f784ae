#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/check.h"
#include "tests/unit/core/http/h2_fuzzed.h"

// A client with several requests under way gets the bytes, behind the settings of a server. The
// first byte chooses the split and what the client does. What it is told must not depend on the
// split.

namespace {

using namespace weir;
using namespace weir::http;

void ask(h2::Peer& client, unsigned seed) {
  constexpr Method kMethods[] = {Method::Get, Method::Head, Method::Post, Method::Get};
  for (unsigned i = 0; i < 4; ++i) {
    Arena arena;
    Request request(arena);
    request.method = kMethods[i];
    request.method_name = method_name(request.method);
    request.scheme = "https";
    request.authority = "a.example";
    request.path = "/";
    const bool post = request.method == Method::Post;
    H2RequestOptions options;
    if (i == 3 && (seed & 2) != 0) options.upgrade = "websocket";
    h2::Exchange& exchange = client.open(request, !post && options.upgrade.empty(), options);
    if (post) client.send(exchange, std::string(seed * 1000, 'x'), (seed & 4) != 0);
  }
}

std::string read_split(std::string_view bytes, unsigned seed, unsigned split) {
  h2::Peer client(H2Codec::Side::Client);
  ask(client, seed);
  client.write();
  h2::feed_split(client, bytes, split);
  client.write();
  const std::string told = h2::told(client);
  h2::finish(client);
  return told;
}

// Lets go in the middle, asks again, and writes little at once.
void use(std::string_view bytes, unsigned seed) {
  h2::Peer client(H2Codec::Side::Client);
  client.greedy = (seed & 8) != 0;
  ask(client, seed);
  for (auto& [id, exchange] : client.exchanges) {
    exchange->at_head = [&client, &exchange = *exchange, act = (seed / 16 + id) % 4] {
      if (act == 0) client.let_go(exchange);
    };
  }
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, 1 + seed % 61);
    client.now += 10;
    client.feed(part);
    bytes.remove_prefix(part.size());
    client.write(1 + seed * 10);
  }
  if (client.codec.can_open()) ask(client, seed);
  client.write();
  h2::finish(client);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 32 * 1024) return 0;
  const unsigned seed = data[0];
  std::string bytes;
  if ((seed & 1) != 0) bytes = h2::settings({});
  bytes.append(reinterpret_cast<const char*>(data) + 1, size - 1);
  WEIR_CHECK(read_split(bytes, seed, 0) == read_split(bytes, seed, seed + 1));
  use(bytes, seed);
  return 0;
}
