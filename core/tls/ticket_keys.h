#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

namespace weir::tls {

// The keys of session tickets: one seals, and two that sealed before it still open. They are made
// and dropped here, by the clock; none is ever written down. Any thread; a lock is held for each
// ticket, of which a handshake has one or two.
class TicketKeys {
 public:
  // For how long a key seals. Each opens for two periods more.
  static constexpr std::int64_t kPeriodS = 12 * 60 * 60;
  // A ticket may be this old: whenever it was sealed, its key is still there.
  static constexpr std::int64_t kTicketLifeS = 2 * kPeriodS;
  // By how much a ticket is longer than what is in it.
  static constexpr std::size_t kOverhead = 16 + 12 + 16;

  // Seconds that only go forward.
  using Clock = std::int64_t (*)();
  static std::int64_t monotonic_seconds();

  explicit TicketKeys(Clock clock = monotonic_seconds);
  ~TicketKeys();
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;

  // Both return the bytes that were written to `out`, which may begin where the input does; zero
  // when there is no room, or no key opens the ticket.
  std::size_t seal(std::span<const std::uint8_t> plain, std::span<std::uint8_t> out);
  std::size_t open(std::span<const std::uint8_t> ticket, std::span<std::uint8_t> out);

 private:
  struct Key;

  void rotate();

  const Clock clock_;
  std::mutex mutex_;
  std::array<std::unique_ptr<Key>, 3> keys_;  // the newest first
};

}  // namespace weir::tls
