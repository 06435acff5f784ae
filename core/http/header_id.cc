#include "core/http/header_id.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/http/chars.h"

namespace weir::http {
namespace {

constexpr std::size_t kCount = static_cast<std::size_t>(HeaderId::kCount);

// In the order of HeaderId.
constexpr std::array<std::string_view, kCount> kNames = {
    "",

    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",

    "accept",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "access-control-request-headers",
    "access-control-request-method",
    "age",
    "allow",
    "alt-svc",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expires",
    "forwarded",
    "grpc-encoding",
    "grpc-message",
    "grpc-status",
    "grpc-timeout",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "origin",
    "pragma",
    "range",
    "referer",
    "retry-after",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "server",
    "set-cookie",
    "strict-transport-security",
    "traceparent",
    "tracestate",
    "upgrade-insecure-requests",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-real-ip",
    "x-request-id",
    "x-weir-reason",
};
static_assert(kNames.back() == "x-weir-reason", "a name for every HeaderId");

constexpr unsigned kSlotBits = 9;
constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;

// Spreads names well by their length and four characters. `name` is not empty.
constexpr std::size_t slot_of(std::string_view name) {
  const auto at = [name](std::size_t i) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]));
  };
  const std::size_t size = name.size();
  const std::uint64_t key = at(0) | at(size / 2) << 8 | at(size - 1) << 16 |
                            at(size - 1 - size / 4) << 24 | static_cast<std::uint64_t>(size) << 32;
  return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15) >> (64 - kSlotBits));
}

// A name is in its slot or, when that was taken, in the next free one.
constexpr std::array<HeaderId, kSlots> kTable = [] {
  std::array<HeaderId, kSlots> table{};
  for (std::size_t i = 1; i < kCount; ++i) {
    std::size_t slot = slot_of(kNames[i]);
    while (table[slot] != HeaderId::Other) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<HeaderId>(i);
  }
  return table;
}();

// Without the call that comparing views makes.
bool equal(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  const auto word_differs = [&](std::size_t at) {
    std::uint64_t left;
    std::uint64_t right;
    std::memcpy(&left, a.data() + at, sizeof left);
    std::memcpy(&right, b.data() + at, sizeof right);
    return left != right;
  };
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    if (word_differs(at)) return false;
  }
  return !word_differs(size - 8);
}

}  // namespace

HeaderId header_id(std::string_view lower_name) {
  if (lower_name.empty()) return HeaderId::Other;
  for (std::size_t slot = slot_of(lower_name);; slot = (slot + 1) % kSlots) {
    const HeaderId id = kTable[slot];
    if (id == HeaderId::Other || equal(kNames[static_cast<std::size_t>(id)], lower_name)) return id;
  }
}

#if defined(__SSE2__)

namespace {

// Names with zeros up to kScanRoom bytes.
using PaddedName = std::array<char, kScanRoom>;
constexpr std::array<PaddedName, kCount> kPaddedNames = [] {
  std::array<PaddedName, kCount> padded{};
  for (std::size_t i = 0; i < kCount; ++i) {
    for (std::size_t at = 0; at < kNames[i].size(); ++at) padded[i][at] = kNames[i][at];
  }
  return padded;
}();

// As many set bytes as a name has, from the place that lies so far before the middle.
constexpr std::array<char, 2 * kScanRoom> kBytesOfName = [] {
  std::array<char, 2 * kScanRoom> bytes{};
  for (std::size_t i = 0; i < kScanRoom; ++i) bytes[i] = '\xff';
  return bytes;
}();

__m128i load16(const char* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// In lower case; bytes that are not `of_name` become zero.
__m128i lower_name_bytes(__m128i bytes, __m128i of_name) {
  const __m128i is_upper = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)),
                                         _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1)));
  const __m128i lower = _mm_or_si128(bytes, _mm_and_si128(is_upper, _mm_set1_epi8(0x20)));
  return _mm_and_si128(lower, of_name);
}

}  // namespace

ScannedName scan_header_name(char* at) {
  const __m128i first = load16(at);
  const __m128i second = load16(at + 16);
  const __m128i colon = _mm_set1_epi8(':');
  const auto colons = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(first, colon))) |
                      static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(second, colon))) << 16;
  if (colons == 0) return {};
  const auto size = static_cast<std::size_t>(__builtin_ctz(colons));
  if (size == 0) return {};
  const char* const mask = kBytesOfName.data() + kScanRoom - size;
  const __m128i in_first = load16(mask);
  const __m128i in_second = load16(mask + 16);
  const __m128i lower_first = lower_name_bytes(first, in_first);
  const __m128i lower_second = lower_name_bytes(second, in_second);
  // Bytes behind the name stay as they are.
  _mm_storeu_si128(reinterpret_cast<__m128i*>(at),
                   _mm_or_si128(lower_first, _mm_andnot_si128(in_first, first)));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(at + 16),
                   _mm_or_si128(lower_second, _mm_andnot_si128(in_second, second)));
  for (std::size_t slot = slot_of({at, size});; slot = (slot + 1) % kSlots) {
    const HeaderId id = kTable[slot];
    if (id == HeaderId::Other) return {size, id};
    const char* const name = kPaddedNames[static_cast<std::size_t>(id)].data();
    const __m128i same = _mm_and_si128(_mm_cmpeq_epi8(load16(name), lower_first),
                                       _mm_cmpeq_epi8(load16(name + 16), lower_second));
    if (_mm_movemask_epi8(same) == 0xffff) return {size, id};
  }
}

#else

ScannedName scan_header_name(char* at) {
  const void* const colon = std::memchr(at, ':', kScanRoom);
  if (colon == nullptr || colon == at) return {};
  const auto size = static_cast<std::size_t>(static_cast<const char*>(colon) - at);
  lower_case(at, size);
  return {size, header_id({at, size})};
}

#endif

std::string_view header_name(HeaderId id) {
  return kNames[static_cast<std::size_t>(id)];
}

}  // namespace weir::http
