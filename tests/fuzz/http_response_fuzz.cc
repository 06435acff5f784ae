#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/check.h"
#include "core/http/h1_response_parser.h"
#include "core/http/h1_writer.h"
#include "core/http/hop_by_hop.h"
#include "tests/unit/core/http/h1_feed.h"

// The first byte chooses limits, the split and the request's method. The outcome must not depend on
// the split, and a head that is passed on must be read again as the same response.

namespace {

using namespace weir;
using namespace weir::http;

void check_passed_on(std::string head, Method method) {
  Arena arena;
  BlockPool pool;
  Buffer out;
  Response response(arena);
  H1ResponseParser parser;
  if (parser.parse(head, method, response) != ParseStatus::Complete) return;
  remove_hop_by_hop(response.headers);
  write_response_head(response, {.to_head = method == Method::Head}, pool, out);

  std::string written = out.to_string();
  Arena again_arena;
  Response again(again_arena);
  H1ResponseParser again_parser;
  const ParseStatus status = again_parser.parse(written, method, again);
  // What the writer adds may go past a limit.
  if (status == ParseStatus::Failed && again_parser.error().why == "head_too_large") return;
  if (status == ParseStatus::Failed && again_parser.error().why == "too_many_fields") return;
  WEIR_CHECK(status == ParseStatus::Complete && again_parser.head_size() == written.size());
  WEIR_CHECK(again.status == response.status);
  WEIR_CHECK(again.body == response.body && again.content_length == response.content_length);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned seed = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Method method = seed % 3 == 0 ? Method::Head : Method::Get;
  H1Limits limits;
  if (seed % 4 == 0) limits = {.head_bytes = 64, .line_bytes = 24, .fields = 3};
  const feed::Outcome whole = feed::response(bytes, feed::whole(), method, limits);
  const auto pieces = [seed](std::size_t index) { return 1 + (seed * 7 + index * 13) % 11; };
  WEIR_CHECK(feed::response(bytes, pieces, method, limits) == whole);
  if (size < 512) WEIR_CHECK(feed::response(bytes, feed::one_by_one(), method, limits) == whole);
  WEIR_CHECK(whole.head_size <= limits.head_bytes);
  check_passed_on(std::string(bytes), method);
  return 0;
}
