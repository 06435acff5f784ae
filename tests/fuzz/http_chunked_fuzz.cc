#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/check.h"
#include "core/http/chunked_decoder.h"
#include "core/http/h1_writer.h"
#include "tests/unit/core/http/h1_feed.h"

// The first byte chooses the split, on which neither the data nor the trailers may depend. Data
// that is framed again must come out again.

namespace {

using namespace weir;
using namespace weir::http;

struct Decoded {
  ParseStatus status = ParseStatus::Incomplete;
  std::string data;
  std::size_t used = 0;
  std::string_view why;

  bool operator==(const Decoded&) const = default;
};

Decoded decode(std::string_view bytes, const feed::Pieces& pieces) {
  ChunkedDecoder decoder;
  Decoded decoded;
  std::size_t given = 0;
  for (std::size_t index = 0; given < bytes.size(); ++index) {
    // Memory of its own, so that a read past a piece is found.
    std::string memory(bytes.substr(given, pieces(index)));
    memory.shrink_to_fit();
    given += memory.size();
    std::string_view piece = memory;
    while (!piece.empty()) {
      const ChunkedDecoder::Step step = decoder.next(piece);
      WEIR_CHECK(step.skip + step.data <= piece.size());
      decoded.status = step.status;
      if (step.status == ParseStatus::Failed) {
        // How much was seen before depends on the split.
        return {ParseStatus::Failed, "", 0, decoder.error().why};
      }
      decoded.data += piece.substr(step.skip, step.data);
      decoded.used += step.skip + step.data;
      piece.remove_prefix(step.skip + step.data);
      if (step.status == ParseStatus::Complete) return decoded;
      WEIR_CHECK(step.skip + step.data > 0);
    }
  }
  return decoded;
}

void check_framed_again(const std::string& data, std::size_t chunk) {
  BlockPool pool;
  Buffer out;
  for (std::size_t at = 0; at < data.size(); at += chunk) {
    Buffer part;
    part.append_copy(pool, std::string_view(data).substr(at, chunk));
    write_chunk(part, pool, out);
  }
  write_last_chunk(nullptr, pool, out);
  const Decoded again = decode(out.to_string(), feed::whole());
  WEIR_CHECK(again.status == ParseStatus::Complete && again.data == data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned seed = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto pieces = [seed](std::size_t index) { return 1 + (seed * 7 + index * 13) % 11; };
  const Decoded whole = decode(bytes, feed::whole());
  WEIR_CHECK(decode(bytes, pieces) == whole);
  WEIR_CHECK(decode(bytes, feed::one_by_one()) == whole);
  check_framed_again(whole.data, 1 + seed);
  if (whole.status != ParseStatus::Complete) return 0;
  const std::string_view rest = bytes.substr(whole.used);
  WEIR_CHECK(feed::trailers(rest, feed::whole()) == feed::trailers(rest, pieces));
  return 0;
}
