#include "core/tls/peer_verifier.h"

#include <algorithm>

#include <arpa/inet.h>
#include <openssl/mem.h>
#include <openssl/pool.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <strings.h>

#include "core/tls/identity_of.h"
#include "core/tls/openssl_error.h"
#include "core/tls/pem.h"

namespace weir::tls {
namespace {

using Refusal = PeerVerifier::Refusal;

Refusal refusal_of(int x509_error) {
  switch (x509_error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {"certificate_expired", SSL_AD_CERTIFICATE_EXPIRED};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {"certificate_not_yet_valid", SSL_AD_BAD_CERTIFICATE};
    case X509_V_ERR_CERT_REVOKED:
      return {"certificate_revoked", SSL_AD_CERTIFICATE_REVOKED};
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      return {"crl_missing", SSL_AD_CERTIFICATE_UNKNOWN};
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
      return {"crl_expired", SSL_AD_CERTIFICATE_UNKNOWN};
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return {"unknown_ca", SSL_AD_UNKNOWN_CA};
    case X509_V_ERR_INVALID_PURPOSE:
      return {"wrong_purpose", SSL_AD_UNSUPPORTED_CERTIFICATE};
    default:
      return {"bad_certificate", SSL_AD_BAD_CERTIFICATE};
  }
}

bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// The name may be a wildcard, in the pattern or in the certificate: `*` is one label, the first.
bool dns_fits(std::string_view pattern, std::string_view name) {
  if (same_text(pattern, name)) return true;
  if (!pattern.starts_with("*.")) return false;
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && dot > 0 && same_text(pattern.substr(1), name.substr(dot));
}

bool uri_fits(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return pattern == name;
  pattern.remove_suffix(1);
  return name.starts_with(pattern);
}

bool fits(const SanMatch& match, const Identity& identity) {
  const auto any = [](const std::vector<std::string>& names, auto fit) {
    return std::ranges::any_of(names, fit);
  };
  const std::string_view value = match.value;
  switch (match.kind) {
    case SanMatch::Kind::Dns:
      return any(identity.dns_names, [&](const auto& name) { return dns_fits(value, name); });
    case SanMatch::Kind::Uri:
      return any(identity.uris, [&](const auto& name) { return uri_fits(value, name); });
    case SanMatch::Kind::Email:
      return any(identity.emails, [&](const auto& name) { return same_text(value, name); });
    case SanMatch::Kind::Ip:
      return any(identity.ip_addresses, [&](const auto& name) { return value == name; });
  }
  return false;
}

// An address is compared as this process writes it.
Result<SanMatch> normal(SanMatch match) {
  if (match.value.empty()) return config_error("a name to match a certificate with is empty");
  if (match.kind != SanMatch::Kind::Ip) return match;
  std::array<std::uint8_t, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = match.value.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (inet_pton(family, match.value.c_str(), bytes.data()) != 1) {
    return config_error("`" + match.value + "` is no IP address to match a certificate with");
  }
  match.value = inet_ntop(family, bytes.data(), text.data(), text.size());
  return match;
}

// Colons between bytes and capitals are how other tools print it.
Result<std::string> normal_pin(const std::string& written) {
  std::string pin;
  for (const char c : written) {
    if (c != ':') pin += static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
  }
  if (pin.size() != 64 || pin.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return config_error("`" + written + "` is no SHA-256 of a certificate: it has 64 hexadecimal " +
                        "digits, as `openssl x509 -fingerprint -sha256` prints them");
  }
  return pin;
}

bool is_of_host(X509& leaf, std::string_view host) {
  // Negative for what is no address.
  const int by_address = X509_check_ip_asc(&leaf, std::string(host).c_str(), 0);
  if (by_address >= 0) return by_address == 1;
  return !host.empty() && X509_check_host(&leaf, host.data(), host.size(),
                                          X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
}

void add(SHA256_CTX& digest, std::string_view text) {
  const std::size_t size = text.size();
  SHA256_Update(&digest, &size, sizeof size);
  SHA256_Update(&digest, text.data(), size);
}

PeerVerifier::Digest digest_of(const TrustSpec& spec) {
  SHA256_CTX context;
  SHA256_Init(&context);
  add(context, spec.ca.text);
  add(context, std::to_string(spec.depth) + (spec.crl.text.empty() ? "" : " crl"));
  for (const SanMatch& match : spec.names) {
    add(context, std::to_string(static_cast<int>(match.kind)));
    add(context, match.value);
  }
  for (const std::string& pin : spec.sha256) add(context, "pin " + pin);
  PeerVerifier::Digest digest;
  SHA256_Final(digest.data(), &context);
  return digest;
}

}  // namespace

Result<PeerVerifier> PeerVerifier::make(const TrustSpec& spec, Peer peer) {
  PeerVerifier verifier;
  verifier.peer_ = peer;
  verifier.depth_ = spec.depth;
  verifier.settings_ = digest_of(spec);
  for (const SanMatch& match : spec.names) {
    WEIR_TRY(name, normal(match));
    verifier.names_.push_back(std::move(name));
  }
  for (const std::string& written : spec.sha256) {
    WEIR_TRY(pin, normal_pin(written));
    verifier.sha256_.push_back(std::move(pin));
  }
  if (spec.ca.text.empty()) {
    if (verifier.sha256_.empty()) {
      return config_error("nothing says which certificates to believe: give a CA or pins");
    }
    if (!spec.crl.text.empty()) {
      return config_error(spec.crl.file + ": a revocation list is of no use without its CA");
    }
    return verifier;
  }
  verifier.store_.reset(X509_STORE_new());
  WEIR_TRY(ca, read_certificates(spec.ca));
  for (const auto& one : ca) X509_STORE_add_cert(verifier.store_.get(), one.get());
  verifier.ca_ = std::move(ca);
  if (!spec.crl.text.empty()) {
    WEIR_TRY(crls, read_crls(spec.crl));
    for (const auto& one : crls) X509_STORE_add_crl(verifier.store_.get(), one.get());
    verifier.check_crl_ = true;
  }
  take_openssl_error();  // of certificates that stand there twice
  return verifier;
}

std::optional<Refusal> PeerVerifier::refuse_chain(X509& leaf, stack_st_X509* others) const {
  const bssl::UniquePtr<X509_STORE_CTX> context(X509_STORE_CTX_new());
  // Who is believed for a pin alone is its own CA; dates and purpose still count.
  bssl::UniquePtr<X509_STORE> own;
  if (store_ == nullptr) {
    own.reset(X509_STORE_new());
    X509_STORE_add_cert(own.get(), &leaf);
  }
  X509_STORE* const store = store_ != nullptr ? store_.get() : own.get();
  if (X509_STORE_CTX_init(context.get(), store, &leaf, others) != 1 ||
      X509_STORE_CTX_set_default(context.get(),
                                 peer_ == Peer::Client ? "ssl_client" : "ssl_server") != 1) {
    return Refusal{"internal_error", SSL_AD_INTERNAL_ERROR};
  }
  X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(context.get());
  unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST;
  if (check_crl_) flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
  X509_VERIFY_PARAM_set_flags(param, flags);
  if (X509_verify_cert(context.get()) != 1) {
    return refusal_of(X509_STORE_CTX_get_error(context.get()));
  }
  // Counted here: BoringSSL says of a chain that is too long only that it does not lead anywhere.
  if (sk_X509_num(X509_STORE_CTX_get0_chain(context.get())) > depth_ + std::size_t{2}) {
    return Refusal{"chain_too_long", SSL_AD_UNKNOWN_CA};
  }
  return std::nullopt;
}

std::optional<Refusal> PeerVerifier::refuse(const stack_st_CRYPTO_BUFFER* chain,
                                            std::optional<std::string_view> host) const {
  constexpr Refusal kDamaged{"bad_certificate", SSL_AD_BAD_CERTIFICATE};
  if (chain == nullptr || sk_CRYPTO_BUFFER_num(chain) == 0) {
    return Refusal{"certificate_required", SSL_AD_CERTIFICATE_REQUIRED};
  }
  bssl::UniquePtr<X509> leaf;
  const bssl::UniquePtr<STACK_OF(X509)> others(sk_X509_new_null());
  for (std::size_t i = 0; i < sk_CRYPTO_BUFFER_num(chain); ++i) {
    bssl::UniquePtr<X509> one(X509_parse_from_buffer(sk_CRYPTO_BUFFER_value(chain, i)));
    if (one == nullptr) {
      take_openssl_error();
      return kDamaged;
    }
    if (i == 0) {
      leaf = std::move(one);
    } else {
      bssl::PushToStack(others.get(), std::move(one));
    }
  }
  std::optional<Refusal> refusal = refuse_chain(*leaf, others.get());
  take_openssl_error();
  if (refusal) return refusal;
  if (host && !is_of_host(*leaf, *host)) {
    return Refusal{"name_mismatch", SSL_AD_BAD_CERTIFICATE};
  }
  const Identity identity = identity_of(*leaf);
  if (!names_.empty() &&
      std::ranges::none_of(names_, [&](const SanMatch& match) { return fits(match, identity); })) {
    return Refusal{"name_mismatch", SSL_AD_BAD_CERTIFICATE};
  }
  if (!sha256_.empty() && std::ranges::find(sha256_, identity.sha256) == sha256_.end()) {
    return Refusal{"pin_mismatch", SSL_AD_BAD_CERTIFICATE};
  }
  return std::nullopt;
}

void PeerVerifier::add_ca_names(ssl_ctx_st& context) const {
  bssl::UniquePtr<STACK_OF(CRYPTO_BUFFER)> names(sk_CRYPTO_BUFFER_new_null());
  for (const auto& one : ca_) {
    std::uint8_t* bytes = nullptr;
    const int size = i2d_X509_NAME(X509_get_subject_name(one.get()), &bytes);
    const bssl::UniquePtr<std::uint8_t> owned(bytes);
    if (size <= 0) continue;
    bssl::PushToStack(names.get(), bssl::UniquePtr<CRYPTO_BUFFER>(CRYPTO_BUFFER_new(
                                       bytes, static_cast<std::size_t>(size), nullptr)));
  }
  SSL_CTX_set0_client_CAs(&context, names.release());
}

}  // namespace weir::tls
