#include "core/tls/ticket_keys.h"

#include <algorithm>
#include <cstring>
#include <ctime>

#include <openssl/aead.h>
#include <openssl/mem.h>
#include <openssl/rand.h>

#include "core/base/check.h"

namespace weir::tls {
namespace {

// A ticket is the key's name, a nonce, and what AES-256-GCM-SIV makes of the session: with it not
// even two tickets of one nonce would give anything away.
constexpr std::size_t kNameSize = 16;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kHeadSize = kNameSize + kNonceSize;

}  // namespace

struct TicketKeys::Key {
  explicit Key(std::int64_t now) : made_at(now) {
    RAND_bytes(name.data(), name.size());
    std::array<std::uint8_t, 32> secret{};
    RAND_bytes(secret.data(), secret.size());
    WEIR_CHECK(EVP_AEAD_CTX_init(aead.get(), EVP_aead_aes_256_gcm_siv(), secret.data(),
                                 secret.size(), EVP_AEAD_DEFAULT_TAG_LENGTH, nullptr) == 1);
    OPENSSL_cleanse(secret.data(), secret.size());
  }

  std::int64_t made_at;
  std::array<std::uint8_t, kNameSize> name{};
  bssl::ScopedEVP_AEAD_CTX aead;
};

std::int64_t TicketKeys::monotonic_seconds() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec;
}

TicketKeys::TicketKeys(Clock clock) : clock_(clock) {
  keys_[0] = std::make_unique<Key>(clock_());
}

TicketKeys::~TicketKeys() = default;

void TicketKeys::rotate() {
  const std::int64_t now = clock_();
  const std::int64_t periods = (now - keys_[0]->made_at) / kPeriodS;
  if (periods == 0) return;
  const auto places = static_cast<std::size_t>(std::min<std::int64_t>(periods, keys_.size()));
  std::shift_right(keys_.begin(), keys_.end(), static_cast<std::ptrdiff_t>(places));
  for (std::size_t i = 0; i < places; ++i) keys_[i].reset();
  keys_[0] = std::make_unique<Key>(now);
}

std::size_t TicketKeys::seal(std::span<const std::uint8_t> plain, std::span<std::uint8_t> out) {
  if (out.size() < plain.size() + kOverhead) return 0;
  const std::lock_guard lock(mutex_);
  rotate();
  std::array<std::uint8_t, kHeadSize> head;
  std::ranges::copy(keys_[0]->name, head.begin());
  RAND_bytes(head.data() + kNameSize, kNonceSize);
  // Input and output may be the same place, but not overlap otherwise.
  std::memmove(out.data() + kHeadSize, plain.data(), plain.size());
  std::ranges::copy(head, out.begin());
  std::size_t size = 0;
  if (EVP_AEAD_CTX_seal(keys_[0]->aead.get(), out.data() + kHeadSize, &size, out.size() - kHeadSize,
                        out.data() + kNameSize, kNonceSize, out.data() + kHeadSize, plain.size(),
                        out.data(), kNameSize) != 1) {
    return 0;
  }
  return kHeadSize + size;
}

std::size_t TicketKeys::open(std::span<const std::uint8_t> ticket, std::span<std::uint8_t> out) {
  if (ticket.size() < kOverhead || out.size() < ticket.size()) return 0;
  std::array<std::uint8_t, kHeadSize> head;
  std::ranges::copy(ticket.first(kHeadSize), head.begin());
  const std::lock_guard lock(mutex_);
  rotate();
  for (const auto& key : keys_) {
    if (key == nullptr || !std::equal(key->name.begin(), key->name.end(), head.begin())) continue;
    std::memmove(out.data(), ticket.data() + kHeadSize, ticket.size() - kHeadSize);
    std::size_t size = 0;
    if (EVP_AEAD_CTX_open(key->aead.get(), out.data(), &size, out.size(), head.data() + kNameSize,
                          kNonceSize, out.data(), ticket.size() - kHeadSize, head.data(),
                          kNameSize) != 1) {
      return 0;
    }
    return size;
  }
  return 0;
}

}  // namespace weir::tls
