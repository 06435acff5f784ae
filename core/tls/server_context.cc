#include "core/tls/server_context.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <openssl/sha.h>
#include <openssl/ssl.h>

#include "core/base/check.h"
#include "core/tls/alpn.h"
#include "core/tls/certificate.h"
#include "core/tls/certificate_index.h"
#include "core/tls/client_offer.h"
#include "core/tls/connection_notes.h"
#include "core/tls/openssl_error.h"
#include "core/tls/peer_verifier.h"
#include "core/tls/protocol_settings.h"

namespace weir::tls {
namespace {

// The name that a client asks for, in lower case.
std::string asked_name(const SSL& connection) {
  const char* const name = SSL_get_servername(&connection, TLSEXT_NAMETYPE_host_name);
  std::string lower = name != nullptr ? name : "";
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::vector<std::uint16_t> ecdsa_ciphers_of(const SSL_CTX& context) {
  std::vector<std::uint16_t> numbers;
  const STACK_OF(SSL_CIPHER)* const ciphers = SSL_CTX_get_ciphers(&context);
  for (std::size_t i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    const SSL_CIPHER* const cipher = sk_SSL_CIPHER_value(ciphers, i);
    if (SSL_CIPHER_get_auth_nid(cipher) != NID_auth_ecdsa) continue;
    numbers.push_back(SSL_CIPHER_get_protocol_id(cipher));
  }
  return numbers;
}

int server_context_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

struct ServerContext::Parts {
  std::vector<Certificate> certificates;
  std::vector<std::vector<CRYPTO_BUFFER*>> chains;
  std::optional<CertificateIndex> index;
  std::vector<std::uint16_t> ecdsa_ciphers;
  bool may_be_13 = false;
  std::vector<std::uint8_t> alpn;
  std::optional<PeerVerifier> verifier;
};

// What BoringSSL calls, on the thread of the connection.
struct ServerContext::Callbacks {
  static const ServerContext& context_of(const SSL& connection) {
    return *static_cast<const ServerContext*>(
        SSL_CTX_get_ex_data(SSL_get_SSL_CTX(&connection), server_context_index()));
  }

  static std::size_t choose(const Parts& parts, const SSL_CLIENT_HELLO& hello) {
    std::span<const std::size_t> places = parts.index->find(asked_name(*hello.ssl));
    if (places.empty()) places = parts.index->fallback();
    const ClientOffer offer(hello);
    std::optional<std::size_t> usable;
    for (const std::size_t place : places) {
      const Certificate& one = parts.certificates[place];
      if (!offer.can_use(one, parts.ecdsa_ciphers, parts.may_be_13)) continue;
      // To sign with RSA costs ten times as much.
      if (!one.rsa) return place;
      if (!usable) usable = place;
    }
    return usable.value_or(places.front());
  }

  static ssl_select_cert_result_t select_certificate(const SSL_CLIENT_HELLO* hello) {
    const Parts& parts = *context_of(*hello->ssl).parts_;
    const std::size_t place = choose(parts, *hello);
    const std::vector<CRYPTO_BUFFER*>& chain = parts.chains[place];
    const int set = SSL_set_chain_and_key(hello->ssl, chain.data(), chain.size(),
                                          parts.certificates[place].key.get(), nullptr);
    return set == 1 ? ssl_select_cert_success : ssl_select_cert_error;
  }

  static int require_known_name(SSL* connection, int* alert, void*) {
    const Parts& parts = *context_of(*connection).parts_;
    if (!parts.index->find(asked_name(*connection)).empty()) return SSL_TLSEXT_ERR_OK;
    notes_of(*connection).refusal = "unrecognized_name";
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }

  static int select_alpn(SSL* connection, const std::uint8_t** out, std::uint8_t* out_size,
                         const std::uint8_t* offered, unsigned offered_size, void*) {
    const std::vector<std::uint8_t>& own = context_of(*connection).parts_->alpn;
    std::uint8_t* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, own.data(), static_cast<unsigned>(own.size()),
                              offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
      return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
  }

  static ssl_verify_result_t verify(SSL* connection, std::uint8_t* alert) {
    const PeerVerifier& verifier = *context_of(*connection).parts_->verifier;
    const auto refusal = verifier.refuse(SSL_get0_peer_certificates(connection), std::nullopt);
    if (!refusal) return ssl_verify_ok;
    notes_of(*connection).refusal = refusal->reason;
    *alert = refusal->alert;
    return ssl_verify_invalid;
  }

  static std::size_t ticket_overhead(SSL*) { return TicketKeys::kOverhead; }

  static int seal_ticket(SSL* connection, std::uint8_t* out, std::size_t* out_size,
                         std::size_t room, const std::uint8_t* in, std::size_t size) {
    *out_size = context_of(*connection).ticket_keys_.seal({in, size}, {out, room});
    return *out_size > 0 ? 1 : 0;
  }

  // BoringSSL does not verify what a ticket says of the client again. Here that can still be
  // ignored, and the client shows the certificate that it has by now.
  static ssl_ticket_aead_result_t open_ticket(SSL* connection, std::uint8_t* out,
                                              std::size_t* out_size, std::size_t room,
                                              const std::uint8_t* in, std::size_t size) {
    const ServerContext& self = context_of(*connection);
    *out_size = self.ticket_keys_.open({in, size}, {out, room});
    if (*out_size == 0) return ssl_ticket_aead_ignore_ticket;
    return self.still_good(out, *out_size) ? ssl_ticket_aead_success
                                           : ssl_ticket_aead_ignore_ticket;
  }

  static constexpr SSL_TICKET_AEAD_METHOD kTickets = {ticket_overhead, seal_ticket, open_ticket};
};

ServerContext::ServerContext(TicketKeys& keys)
    : ticket_keys_(keys),
      context_(SSL_CTX_new(TLS_with_buffers_method())),
      parts_(std::make_unique<Parts>()) {
  WEIR_CHECK(SSL_CTX_set_ex_data(context_.get(), server_context_index(), this) == 1);
}

ServerContext::~ServerContext() = default;

Result<std::unique_ptr<ServerContext>> ServerContext::make(const ServerSpec& spec,
                                                           std::string_view name,
                                                           TicketKeys& keys) {
  std::unique_ptr<ServerContext> self(new ServerContext(keys));
  self->handshake_timeout_ms_ = spec.handshake_timeout_ms;
  WEIR_TRY_VOID(apply_protocol(spec.protocol, *self->context_));
  SSL_CTX_set_options(self->context_.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  WEIR_TRY_VOID(self->set_certificates(spec));
  WEIR_TRY_VOID(self->set_alpn(spec));
  WEIR_TRY_VOID(self->set_client_certificates(spec));
  self->set_sessions(spec, name);
  return self;
}

Result<void> ServerContext::set_certificates(const ServerSpec& spec) {
  if (spec.certificates.empty()) return config_error("TLS needs a certificate: give one");
  for (const CertificateSpec& one : spec.certificates) {
    WEIR_TRY(certificate, make_certificate(one));
    std::vector<CRYPTO_BUFFER*> chain = certificate.raw_chain();
    // Each connection gets its own; here it is seen whether BoringSSL will take them.
    if (SSL_CTX_set_chain_and_key(context_.get(), chain.data(), chain.size(), certificate.key.get(),
                                  nullptr) != 1) {
      return config_error(one.chain.file +
                          ": this certificate is refused: " + take_openssl_error());
    }
    certificate_infos_.push_back(certificate.info);
    parts_->chains.push_back(std::move(chain));
    parts_->certificates.push_back(std::move(certificate));
  }
  parts_->index.emplace(parts_->certificates);
  parts_->ecdsa_ciphers = ecdsa_ciphers_of(*context_);
  parts_->may_be_13 = SSL_CTX_get_max_proto_version(context_.get()) == TLS1_3_VERSION;
  SSL_CTX_set_select_certificate_cb(context_.get(), Callbacks::select_certificate);
  if (spec.require_sni) {
    SSL_CTX_set_tlsext_servername_callback(context_.get(), Callbacks::require_known_name);
  }
  return {};
}

Result<void> ServerContext::set_alpn(const ServerSpec& spec) {
  if (spec.alpn.empty()) return {};
  WEIR_TRY(wire, alpn_wire(spec.alpn));
  parts_->alpn = std::move(wire);
  SSL_CTX_set_alpn_select_cb(context_.get(), Callbacks::select_alpn, nullptr);
  return {};
}

Result<void> ServerContext::set_client_certificates(const ServerSpec& spec) {
  if (spec.client_certificates == ClientCertificates::None) return {};
  WEIR_TRY(verifier, PeerVerifier::make(spec.client_trust, PeerVerifier::Peer::Client));
  verifier.add_ca_names(*context_);
  parts_->verifier.emplace(std::move(verifier));
  int mode = SSL_VERIFY_PEER;
  if (spec.client_certificates == ClientCertificates::Require) {
    mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  SSL_CTX_set_custom_verify(context_.get(), mode, Callbacks::verify);
  return {};
}

void ServerContext::set_sessions(const ServerSpec& spec, std::string_view name) {
  SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
  if (!spec.tickets) {
    SSL_CTX_set_options(context_.get(), SSL_OP_NO_TICKET);
    return;
  }
  SSL_CTX_set_ticket_aead_method(context_.get(), &Callbacks::kTickets);
  SSL_CTX_set_timeout(context_.get(), TicketKeys::kTicketLifeS);
  SSL_CTX_set_session_psk_dhe_timeout(context_.get(), TicketKeys::kTicketLifeS);
  SHA256_CTX digest;
  SHA256_Init(&digest);
  SHA256_Update(&digest, name.data(), name.size());
  const auto mode = static_cast<std::uint8_t>(spec.client_certificates);
  SHA256_Update(&digest, &mode, sizeof mode);
  if (parts_->verifier) {
    const PeerVerifier::Digest& settings = parts_->verifier->settings();
    SHA256_Update(&digest, settings.data(), settings.size());
  }
  PeerVerifier::Digest id;
  SHA256_Final(id.data(), &digest);
  WEIR_CHECK(SSL_CTX_set_session_id_context(context_.get(), id.data(), id.size()) == 1);
}

bool ServerContext::still_good(const std::uint8_t* session_bytes, std::size_t size) const {
  if (!parts_->verifier) return true;
  const bssl::UniquePtr<SSL_SESSION> session(
      SSL_SESSION_from_bytes(session_bytes, size, context_.get()));
  if (session == nullptr) {
    take_openssl_error();
    return false;
  }
  const STACK_OF(CRYPTO_BUFFER)* const chain = SSL_SESSION_get0_peer_certificates(session.get());
  // Without a certificate only where none is required, which the context of the session says.
  return chain == nullptr || !parts_->verifier->refuse(chain, std::nullopt);
}

SslPtr ServerContext::new_connection() const {
  SslPtr connection(SSL_new(context_.get()));
  WEIR_CHECK(connection != nullptr);
  SSL_set_accept_state(connection.get());
  SSL_set_shed_handshake_config(connection.get(), 1);
  return connection;
}

}  // namespace weir::tls
