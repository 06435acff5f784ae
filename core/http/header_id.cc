#include "core/http/header_id.h"

#include <array>
#include <cstddef>
#include <cstring>

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

std::string_view header_name(HeaderId id) {
  return kNames[static_cast<std::size_t>(id)];
}

}  // namespace weir::http
