#include "core/filter/exchange_id.h"

#include <cstdint>
#include <cstring>

namespace weir::filter {
namespace {

// All eight digits of `bits` at once: a byte each, then to its letter.
void write_hex(std::uint32_t bits, char* to) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::uint64_t digits = bits;
  digits = (digits | digits << 16) & 0x0000ffff0000ffff;
  digits = (digits | digits << 8) & 0x00ff00ff00ff00ff;
  digits = (digits | digits << 4) & (0x0f * kOnes);
  const std::uint64_t is_letter = (digits + 6 * kOnes) >> 4 & kOnes;
  digits += '0' * kOnes + is_letter * ('a' - '0' - 10);
  std::memcpy(to, &digits, sizeof digits);
}

}  // namespace

void write_exchange_id(event::Reactor& reactor, char* to) {
  for (std::size_t at = 0; at < kExchangeIdSize; at += 8) write_hex(reactor.random(), to + at);
}

}  // namespace weir::filter
