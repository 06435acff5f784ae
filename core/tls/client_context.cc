#include "core/tls/client_context.h"

#include <array>
#include <optional>
#include <string>

#include <arpa/inet.h>
#include <openssl/ssl.h>

#include "core/base/check.h"
#include "core/tls/alpn.h"
#include "core/tls/certificate.h"
#include "core/tls/connection_notes.h"
#include "core/tls/openssl_error.h"
#include "core/tls/peer_verifier.h"
#include "core/tls/protocol_settings.h"
#include "core/tls/session_cache.h"

namespace weir::tls {
namespace {

// Those are never said to a server (RFC 6066 3).
bool is_address(const std::string& host) {
  std::array<std::uint8_t, 16> bytes;
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

int client_context_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

struct ClientContext::Parts {
  std::optional<PeerVerifier::Refusal> refuse(const stack_st_CRYPTO_BUFFER* chain,
                                              std::string_view host) const {
    if (!verifier) return std::nullopt;
    return verifier->refuse(chain, match_host ? std::optional(host) : std::nullopt);
  }

  std::optional<Certificate> certificate;
  std::optional<PeerVerifier> verifier;
  bool match_host = false;
  std::string server_name;
  bool reuse_sessions = false;
  SessionCache sessions;
};

// What BoringSSL calls, on the thread of the connection.
struct ClientContext::Callbacks {
  static const Parts& parts_of(const SSL& connection) {
    return *static_cast<const ClientContext*>(
                SSL_CTX_get_ex_data(SSL_get_SSL_CTX(&connection), client_context_index()))
                ->parts_;
  }

  static ssl_verify_result_t verify(SSL* connection, std::uint8_t* alert) {
    const Parts& parts = parts_of(*connection);
    ConnectionNotes& notes = notes_of(*connection);
    const auto refusal = parts.refuse(SSL_get0_peer_certificates(connection), notes.host);
    if (!refusal) return ssl_verify_ok;
    notes.refusal = refusal->reason;
    *alert = refusal->alert;
    return ssl_verify_invalid;
  }

  static ssl_verify_result_t believe(SSL*, std::uint8_t*) { return ssl_verify_ok; }

  static int keep_session(SSL* connection, SSL_SESSION* session) {
    const ConnectionNotes* const notes = find_notes(*connection);
    if (notes == nullptr) return 0;
    auto* const context = static_cast<ClientContext*>(
        SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), client_context_index()));
    context->parts_->sessions.put(notes->session_key, bssl::UniquePtr<SSL_SESSION>(session));
    return 1;
  }
};

ClientContext::ClientContext()
    : context_(SSL_CTX_new(TLS_with_buffers_method())), parts_(std::make_unique<Parts>()) {
  WEIR_CHECK(SSL_CTX_set_ex_data(context_.get(), client_context_index(), this) == 1);
}

ClientContext::~ClientContext() = default;

Result<std::unique_ptr<ClientContext>> ClientContext::make(const ClientSpec& spec) {
  std::unique_ptr<ClientContext> self(new ClientContext);
  self->handshake_timeout_ms_ = spec.handshake_timeout_ms;
  self->parts_->server_name = spec.server_name;
  WEIR_TRY_VOID(apply_protocol(spec.protocol, *self->context_));
  WEIR_TRY_VOID(self->set_certificate(spec));
  WEIR_TRY_VOID(self->set_trust(spec));
  WEIR_TRY(alpn, alpn_wire(spec.alpn));
  SSL_CTX_set_alpn_protos(self->context_.get(), alpn.data(), static_cast<unsigned>(alpn.size()));
  self->parts_->reuse_sessions = spec.reuse_sessions;
  if (spec.reuse_sessions) {
    SSL_CTX_set_session_cache_mode(self->context_.get(),
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(self->context_.get(), Callbacks::keep_session);
  } else {
    SSL_CTX_set_session_cache_mode(self->context_.get(), SSL_SESS_CACHE_OFF);
  }
  return self;
}

Result<void> ClientContext::set_certificate(const ClientSpec& spec) {
  if (!spec.certificate) return {};
  WEIR_TRY(certificate, make_certificate(*spec.certificate));
  const std::vector<CRYPTO_BUFFER*> chain = certificate.raw_chain();
  if (SSL_CTX_set_chain_and_key(context_.get(), chain.data(), chain.size(), certificate.key.get(),
                                nullptr) != 1) {
    return config_error(spec.certificate->chain.file +
                        ": this certificate is refused: " + take_openssl_error());
  }
  parts_->certificate.emplace(std::move(certificate));
  return {};
}

Result<void> ClientContext::set_trust(const ClientSpec& spec) {
  if (!spec.verify) {
    SSL_CTX_set_custom_verify(context_.get(), SSL_VERIFY_NONE, Callbacks::believe);
    return {};
  }
  WEIR_TRY(verifier, PeerVerifier::make(spec.trust, PeerVerifier::Peer::Server));
  parts_->verifier.emplace(std::move(verifier));
  parts_->match_host = spec.trust.names.empty();
  SSL_CTX_set_custom_verify(context_.get(), SSL_VERIFY_PEER, Callbacks::verify);
  return {};
}

SslPtr ClientContext::new_connection(std::string_view host, std::string_view session_key) const {
  SslPtr connection(SSL_new(context_.get()));
  WEIR_CHECK(connection != nullptr);
  SSL_set_connect_state(connection.get());
  SSL_set_shed_handshake_config(connection.get(), 1);
  ConnectionNotes& notes = notes_of(*connection);
  notes.host = parts_->server_name.empty() ? host : std::string_view(parts_->server_name);
  // The dot that makes a name absolute is not part of it here (RFC 6066 3).
  if (notes.host.ends_with('.')) notes.host.pop_back();
  if (!notes.host.empty() && !is_address(notes.host)) {
    SSL_set_tlsext_host_name(connection.get(), notes.host.c_str());
  }
  if (parts_->reuse_sessions) {
    notes.session_key = std::string(session_key) + ' ' + notes.host;
    resume(*connection, notes.session_key);
  }
  return connection;
}

void ClientContext::resume(ssl_st& connection, std::string_view session_key) const {
  const bssl::UniquePtr<SSL_SESSION> session = parts_->sessions.take(session_key);
  if (session == nullptr) return;
  // BoringSSL does not verify a certificate again. One that would be refused by now is forgotten
  // with its session, so that the server can show a new one.
  const STACK_OF(CRYPTO_BUFFER)* const chain = SSL_SESSION_get0_peer_certificates(session.get());
  if (parts_->refuse(chain, notes_of(connection).host)) return;
  SSL_set_session(&connection, session.get());
}

std::vector<CertificateInfo> ClientContext::certificates() const {
  if (!parts_->certificate) return {};
  return {parts_->certificate->info};
}

}  // namespace weir::tls
