#include "core/tls/client_offer.h"

#include <algorithm>

#include <openssl/bytestring.h>
#include <openssl/ssl.h>

namespace weir::tls {
namespace {

// What stands in an extension that is one list, whose length has `size_bytes` bytes. Empty without.
std::span<const std::uint8_t> list_of(const SSL_CLIENT_HELLO& hello, std::uint16_t extension,
                                      int size_bytes) {
  const std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  if (SSL_early_callback_ctx_extension_get(&hello, extension, &bytes, &size) != 1) return {};
  CBS all;
  CBS list;
  CBS_init(&all, bytes, size);
  const int taken = size_bytes == 1 ? CBS_get_u8_length_prefixed(&all, &list)
                                    : CBS_get_u16_length_prefixed(&all, &list);
  if (taken != 1) return {};
  return {CBS_data(&list), CBS_len(&list)};
}

bool has(std::span<const std::uint8_t> numbers, std::uint16_t wanted) {
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    if (numbers[i] == wanted >> 8 && numbers[i + 1] == (wanted & 0xff)) return true;
  }
  return false;
}

}  // namespace

ClientOffer::ClientOffer(const SSL_CLIENT_HELLO& hello)
    : versions_(list_of(hello, TLSEXT_TYPE_supported_versions, 1)),
      signature_algorithms_(list_of(hello, TLSEXT_TYPE_signature_algorithms, 2)),
      curves_(list_of(hello, TLSEXT_TYPE_supported_groups, 2)),
      ciphers_(hello.cipher_suites, hello.cipher_suites_len) {}

bool ClientOffer::can_use(const Certificate& certificate,
                          std::span<const std::uint16_t> ecdsa_ciphers, bool may_be_13) const {
  // Without the extension a client of TLS 1.2 knows SHA-1 alone (RFC 5246 7.4.1.4.1), and most that
  // do not say so know more with RSA.
  if (signature_algorithms_.empty()) return certificate.rsa;
  if (std::ranges::none_of(certificate.signature_algorithms, [this](std::uint16_t algorithm) {
        return has(signature_algorithms_, algorithm);
      })) {
    return false;
  }
  if (certificate.rsa || (may_be_13 && has(versions_, TLS1_3_VERSION))) return true;
  // With TLS 1.2 it is the ciphers that say so, and the curves hold for certificates too (RFC
  // 8422).
  if (certificate.curve != 0 && !curves_.empty() && !has(curves_, certificate.curve)) return false;
  return std::ranges::any_of(ecdsa_ciphers,
                             [this](std::uint16_t cipher) { return has(ciphers_, cipher); });
}

}  // namespace weir::tls
