#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/check.h"
#include "core/http/h1_request_parser.h"
#include "core/http/h1_response_parser.h"
#include "core/http/h1_writer.h"
#include "core/http/hop_by_hop.h"
#include "core/http/trailer_parser.h"
#include "tests/unit/core/http/h2_fields.h"

// The first byte chooses the kind of block and the options; then each field is a byte with the size
// of its name, the name, a byte with the size of its value, and the value. What is accepted must be
// the same message when it is passed on, as HTTP/2 and as HTTP/1.

namespace {

using namespace weir;
using namespace weir::http;

h2::Fields fields_in(std::string_view bytes) {
  const auto take = [&bytes] {
    std::string text;
    if (bytes.empty()) return text;
    const std::size_t size = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    text = bytes.substr(0, size);
    bytes.remove_prefix(text.size());
    return text;
  };
  h2::Fields fields;
  while (!bytes.empty()) {
    std::string name = take();
    fields.emplace_back(std::move(name), take());
  }
  return fields;
}

// The writer puts the length last, and spells it in its own way.
h2::Read without_length(h2::Read read) {
  read.headers.insert(0, 1, '\n');
  const std::size_t at = read.headers.find("\ncontent-length: ");
  if (at != std::string::npos) read.headers.erase(at, read.headers.find('\n', at + 1) - at);
  return read;
}

void check_read(H2HeadReader& reader, const h2::Fields& fields) {
  std::size_t size = 0;
  for (const auto& [name, value] : fields) size += name.size() + value.size() + 32;
  WEIR_CHECK(reader.block_bytes() == size);
}

void check_request(const h2::Fields& fields, bool end, bool extended_connect) {
  Arena arena;
  Request request(arena);
  H2HeadReader reader({}, extended_connect);
  reader.begin(request);
  h2::add_all(reader, fields);
  check_read(reader, fields);
  if (reader.finish(end) != nullptr) return;

  H2HeadWriter writer;
  WEIR_CHECK(writer.write(request, {.upgrade = request.upgrade}));
  const h2::Read first = h2::read_request(fields, end, extended_connect);
  const h2::Read second = h2::read_request(h2::fields_of(writer), end, extended_connect);
  WEIR_CHECK(second.code == 431 || without_length(first) == without_length(second));

  remove_hop_by_hop(request.headers);
  BlockPool pool;
  Buffer out;
  WEIR_CHECK(write_request_head(request, {.upgrade = request.upgrade}, pool, out));
  std::string written = out.to_string();
  Arena again_arena;
  Request again(again_arena);
  H1RequestParser parser;
  const ParseStatus status = parser.parse(written, again);
  if (status == ParseStatus::Failed && parser.error().status == 431) return;
  if (status == ParseStatus::Failed && parser.error().status == 414) return;
  WEIR_CHECK(status == ParseStatus::Complete && parser.head_size() == written.size());
  WEIR_CHECK(again.method_name == request.method_name && again.authority == request.authority);
  WEIR_CHECK(again.host == request.host && again.path == request.path);
  WEIR_CHECK(again.query == request.query && again.body == request.body);
  WEIR_CHECK(again.content_length == request.content_length);
  WEIR_CHECK(parser.upgrade() == request.upgrade);
}

void check_response(const h2::Fields& fields, bool end, Method method, std::string_view upgrade) {
  Arena arena;
  Response response(arena);
  H2HeadReader reader({}, false);
  reader.begin(response, method, upgrade);
  h2::add_all(reader, fields);
  check_read(reader, fields);
  if (reader.finish(end) != nullptr) return;

  H2HeadWriter writer;
  WEIR_CHECK(
      writer.write(response, {.to_head = method == Method::Head, .to_connect = !upgrade.empty()}));
  const h2::Read first = h2::read_response(fields, end, method, upgrade);
  const h2::Read second = h2::read_response(h2::fields_of(writer), end, method, upgrade);
  WEIR_CHECK(second.code == 431 || (first.code == second.code && first.status == second.status));

  BlockPool pool;
  Buffer out;
  write_response_head(response, {.upgrade = response.upgrade, .to_head = method == Method::Head},
                      pool, out);
  std::string written = out.to_string();
  Arena again_arena;
  Response again(again_arena);
  H1ResponseParser parser;
  const ParseStatus status = parser.parse(written, method, again);
  if (status == ParseStatus::Failed && parser.error().why == "head_too_large") return;
  WEIR_CHECK(status == ParseStatus::Complete && parser.head_size() == written.size());
  WEIR_CHECK(again.status == response.status && again.body == response.body);
  WEIR_CHECK(again.content_length == response.content_length);
}

void check_trailers(const h2::Fields& fields) {
  Arena arena;
  HeaderMap trailers(arena);
  H2HeadReader reader({}, false);
  reader.begin_trailers(trailers);
  h2::add_all(reader, fields);
  if (reader.finish(true) != nullptr) return;
  H2HeadWriter writer;
  writer.write_trailers(trailers);
  WEIR_CHECK(writer.fields().size() == trailers.size());
  BlockPool pool;
  Buffer out;
  write_last_chunk(&trailers, pool, out);
  std::string written = out.to_string().substr(3);
  HeaderMap again(arena);
  TrailerParser parser;
  WEIR_CHECK(parser.parse(written, again) == ParseStatus::Complete);
  WEIR_CHECK(h2::text_of(again) == h2::text_of(trailers));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned seed = data[0];
  const bool end = (seed & 4) != 0;
  const bool option = (seed & 8) != 0;
  const h2::Fields fields = fields_in({reinterpret_cast<const char*>(data) + 1, size - 1});
  switch (seed % 4) {
    case 0:
    case 1:
      check_request(fields, end, option);
      break;
    case 2:
      check_response(fields, end, option ? Method::Head : Method::Get,
                     (seed & 16) != 0 ? "websocket" : "");
      break;
    default:
      check_trailers(fields);
      break;
  }
  return 0;
}
