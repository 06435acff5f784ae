#pragma once

#include <cstdint>
#include <span>

#include <openssl/base.h>

#include "core/tls/certificate.h"

namespace weir::tls {

// What the ClientHello says about the certificates that a client can use.
class ClientOffer {
 public:
  // `hello` must outlive this.
  explicit ClientOffer(const SSL_CLIENT_HELLO& hello);

  // `ecdsa_ciphers`: those of TLS 1.2 that this side has for such keys. With `may_be_13` TLS 1.3 is
  // spoken if the client can.
  bool can_use(const Certificate& certificate, std::span<const std::uint16_t> ecdsa_ciphers,
               bool may_be_13) const;

 private:
  // Numbers of 16 bits as they stand in the ClientHello.
  using Numbers = std::span<const std::uint8_t>;

  Numbers versions_;
  Numbers signature_algorithms_;
  Numbers curves_;
  Numbers ciphers_;
};

}  // namespace weir::tls
