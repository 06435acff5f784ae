#include "core/tls/handshake_result.h"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "core/tls/connection_notes.h"
#include "core/tls/identity_of.h"

namespace weir::tls {
namespace {

// The name of an alert as a reason: BoringSSL numbers those from 1000 on.
std::string_view word_of_alert(int alert) {
  switch (alert) {
    case SSL_AD_UNEXPECTED_MESSAGE:
      return "alert_unexpected_message";
    case SSL_AD_BAD_RECORD_MAC:
      return "alert_bad_record_mac";
    case SSL_AD_HANDSHAKE_FAILURE:
      return "alert_handshake_failure";
    case SSL_AD_BAD_CERTIFICATE:
      return "alert_bad_certificate";
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
      return "alert_unsupported_certificate";
    case SSL_AD_CERTIFICATE_REVOKED:
      return "alert_certificate_revoked";
    case SSL_AD_CERTIFICATE_EXPIRED:
      return "alert_certificate_expired";
    case SSL_AD_CERTIFICATE_UNKNOWN:
      return "alert_certificate_unknown";
    case SSL_AD_ILLEGAL_PARAMETER:
      return "alert_illegal_parameter";
    case SSL_AD_UNKNOWN_CA:
      return "alert_unknown_ca";
    case SSL_AD_ACCESS_DENIED:
      return "alert_access_denied";
    case SSL_AD_DECODE_ERROR:
      return "alert_decode_error";
    case SSL_AD_DECRYPT_ERROR:
      return "alert_decrypt_error";
    case SSL_AD_PROTOCOL_VERSION:
      return "alert_protocol_version";
    case SSL_AD_INSUFFICIENT_SECURITY:
      return "alert_insufficient_security";
    case SSL_AD_INTERNAL_ERROR:
      return "alert_internal_error";
    case SSL_AD_USER_CANCELLED:
      return "alert_user_canceled";
    case SSL_AD_UNSUPPORTED_EXTENSION:
      return "alert_unsupported_extension";
    case SSL_AD_UNRECOGNIZED_NAME:
      return "alert_unrecognized_name";
    case SSL_AD_CERTIFICATE_REQUIRED:
      return "alert_certificate_required";
    case SSL_AD_NO_APPLICATION_PROTOCOL:
      return "alert_no_application_protocol";
    default:
      return "alert_other";
  }
}

// Empty for what says nothing that an operator could act on.
std::string_view word_of(int reason, const ConnectionNotes* notes) {
  switch (reason) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
    case SSL_R_CLIENTHELLO_TLSEXT:
      return notes != nullptr ? notes->refusal : std::string_view();
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_INAPPROPRIATE_FALLBACK:
    case SSL_R_NO_SUPPORTED_VERSIONS_ENABLED:
      return "protocol_version";
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_CIPHERS_SPECIFIED:
      return "no_shared_cipher";
    case SSL_R_NO_SHARED_GROUP:
    case SSL_R_WRONG_CURVE:
      return "no_shared_curve";
    case SSL_R_NO_COMMON_SIGNATURE_ALGORITHMS:
    case SSL_R_WRONG_SIGNATURE_TYPE:
      return "no_shared_signature_algorithm";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "certificate_required";
    case SSL_R_NO_APPLICATION_PROTOCOL:
    case SSL_R_INVALID_ALPN_PROTOCOL:
      return "no_application_protocol";
    case SSL_R_BAD_SIGNATURE:
      return "bad_signature";
    default:
      return reason >= SSL_AD_REASON_OFFSET ? word_of_alert(reason - SSL_AD_REASON_OFFSET)
                                            : std::string_view();
  }
}

// A handshake or an alert; or what SSL 2 began with, which some still send to say that they know
// TLS 1.0 as well.
bool looks_like_tls(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  return first == SSL3_RT_HANDSHAKE || first == SSL3_RT_ALERT ||
         (first >= 0x80 && bytes.size() > 2 && bytes[2] == 1);
}

// A client of TLS 1.3 that does not like the server's certificate may say so in clear, which
// BoringSSL takes for a record that is too short. Empty when the bytes are none.
std::string_view word_of_clear_alert(std::string_view bytes) {
  constexpr std::string_view kHead("\x15\x03\x03\x00\x02", 5);
  if (bytes.size() != kAlertSize || !bytes.starts_with(kHead)) return {};
  return bytes[5] == SSL3_AL_FATAL ? word_of_alert(static_cast<unsigned char>(bytes[6]))
                                   : std::string_view();
}

bool looks_like_http(std::string_view bytes) {
  const std::string_view method = bytes.substr(0, bytes.find(' '));
  return !method.empty() &&
         std::ranges::all_of(method, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

Handshake handshake_of(const ssl_st& connection) {
  Handshake handshake;
  handshake.version = SSL_get_version(&connection);
  handshake.cipher = SSL_CIPHER_standard_name(SSL_get_current_cipher(&connection));
  const std::uint8_t* alpn = nullptr;
  unsigned alpn_size = 0;
  SSL_get0_alpn_selected(&connection, &alpn, &alpn_size);
  handshake.alpn.assign(reinterpret_cast<const char*>(alpn), alpn_size);
  const char* const name = SSL_get_servername(&connection, TLSEXT_NAMETYPE_host_name);
  if (name != nullptr) handshake.server_name = name;
  handshake.resumed = SSL_session_reused(&connection) == 1;
  const STACK_OF(CRYPTO_BUFFER)* const chain = SSL_get0_peer_certificates(&connection);
  const int mode = SSL_CTX_get_verify_mode(SSL_get_SSL_CTX(&connection));
  if (chain != nullptr && sk_CRYPTO_BUFFER_num(chain) > 0 && (mode & SSL_VERIFY_PEER) != 0) {
    const bssl::UniquePtr<X509> leaf(X509_parse_from_buffer(sk_CRYPTO_BUFFER_value(chain, 0)));
    if (leaf != nullptr) handshake.peer = identity_of(*leaf);
  }
  return handshake;
}

HandshakeFailure failure_of(const ssl_st& connection, std::string_view first_bytes,
                            std::string_view last_bytes) {
  HandshakeFailure failure{"protocol_error", {}};
  bool named = false;
  while (const std::uint32_t error = ERR_get_error()) {
    const char* const text = ERR_reason_error_string(error);
    if (text != nullptr && failure.detail.empty()) failure.detail = text;
    if (named || ERR_GET_LIB(error) != ERR_LIB_SSL) continue;
    const std::string_view word = word_of(ERR_GET_REASON(error), find_notes(connection));
    named = !word.empty();
    if (named) failure.reason = word;
  }
  if (const std::string_view word = word_of_clear_alert(last_bytes); !named && !word.empty()) {
    failure.reason = word;
  }
  if (!first_bytes.empty() && !looks_like_tls(first_bytes)) {
    const bool request = SSL_is_server(&connection) == 1 && looks_like_http(first_bytes);
    failure.reason = request ? "http_request" : "not_tls";
  }
  return failure;
}

}  // namespace weir::tls
