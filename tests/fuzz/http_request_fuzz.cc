#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/check.h"
#include "core/http/authority.h"
#include "core/http/h1_request_parser.h"
#include "core/http/h1_writer.h"
#include "core/http/hop_by_hop.h"
#include "tests/unit/core/http/h1_feed.h"

// The first byte chooses limits and the split. The outcome must not depend on the split, and a head
// that is passed on must be read again as the same request.

namespace {

using namespace weir;
using namespace weir::http;

void check_passed_on(std::string head) {
  Arena arena;
  BlockPool pool;
  Buffer out;
  Request request(arena);
  H1RequestParser parser;
  if (parser.parse(head, request) != ParseStatus::Complete) return;
  remove_hop_by_hop(request.headers);
  WEIR_CHECK(request.authority.empty() || parse_authority(request.authority));
  WEIR_CHECK(write_request_head(request, {}, pool, out));
  if (request.authority.empty()) return;

  std::string written = out.to_string();
  Arena again_arena;
  Request again(again_arena);
  H1RequestParser again_parser;
  const ParseStatus status = again_parser.parse(written, again);
  // What the writer adds may go past a limit.
  if (status == ParseStatus::Failed && again_parser.error().status == 431) return;
  WEIR_CHECK(status == ParseStatus::Complete && again_parser.head_size() == written.size());
  WEIR_CHECK(again.method_name == request.method_name && again.authority == request.authority);
  WEIR_CHECK(again.path == request.path && again.query == request.query);
  WEIR_CHECK(again.body == request.body && again.content_length == request.content_length);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned seed = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  H1Limits limits;
  if (seed % 4 == 0) limits = {.head_bytes = 64, .line_bytes = 24, .fields = 3};
  const feed::Outcome whole = feed::request(bytes, feed::whole(), limits);
  const auto pieces = [seed](std::size_t index) { return 1 + (seed * 7 + index * 13) % 11; };
  WEIR_CHECK(feed::request(bytes, pieces, limits) == whole);
  if (size < 512) WEIR_CHECK(feed::request(bytes, feed::one_by_one(), limits) == whole);
  WEIR_CHECK(whole.head_size <= limits.head_bytes);
  check_passed_on(std::string(bytes));
  return 0;
}
