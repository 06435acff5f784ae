#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/tls/identity.h"

namespace weir::tls {

// What a handshake agreed on. The views are of text that lives for ever.
struct Handshake {
  std::string_view version;  // "TLSv1.2", "TLSv1.3"
  std::string_view cipher;   // as IANA calls it
  std::string alpn;          // empty: none
  std::string server_name;   // that the client asked for, as it wrote it; empty: none
  bool resumed = false;
  std::optional<Identity> peer;  // who the peer is, when it said so and that was verified
};

// Why a handshake failed. The words are for metrics and stay as they are:
// - of what the peer is: http_request, not_tls, closed, reset, timeout
// - of what it offers: protocol_version, no_shared_cipher, no_shared_curve,
//   no_shared_signature_algorithm, no_application_protocol, unrecognized_name
// - of its certificate: certificate_required, certificate_expired, certificate_not_yet_valid,
//   certificate_revoked, crl_missing, crl_expired, unknown_ca, chain_too_long, wrong_purpose,
//   bad_certificate, name_mismatch, pin_mismatch, bad_signature
// - of its verdict on this side: alert_ and the alert's name (RFC 8446 6), such as alert_unknown_ca
// - protocol_error and internal_error for all the rest.
struct HandshakeFailure {
  std::string_view reason;
  std::string detail;  // BoringSSL's words, for a person
};

// Who is told how a handshake went: once, at the end of a turn, unless the transport was destroyed
// or shut down before. May destroy the transport.
class HandshakeListener {
 public:
  virtual void on_handshake(Handshake& handshake) = 0;
  virtual void on_handshake_failed(const HandshakeFailure& failure) = 0;

 protected:
  ~HandshakeListener() = default;
};

}  // namespace weir::tls
