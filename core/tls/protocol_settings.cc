#include "core/tls/protocol_settings.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <openssl/nid.h>
#include <openssl/ssl.h>

#include "core/base/suggest.h"
#include "core/tls/openssl_error.h"

namespace weir::tls {
namespace {

// Forward secrecy and authenticated encryption; AES and ChaCha20 in the client's order, since it
// knows whether it has AES in hardware.
constexpr const char* kCiphers =
    "[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]:"
    "[ECDHE-RSA-AES128-GCM-SHA256|ECDHE-RSA-CHACHA20-POLY1305]:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

// Those of TLS 1.2 and before that BoringSSL has, without the ones for shared keys and 3DES.
constexpr std::uint16_t kKnownCiphers[] = {0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009,
                                           0xc013, 0xc00a, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};

struct Named {
  std::string_view name;
  int number;
};

constexpr Named kCurves[] = {{"X25519", NID_X25519},
                             {"P-256", NID_X9_62_prime256v1},
                             {"P-384", NID_secp384r1},
                             {"P-521", NID_secp521r1}};
constexpr std::size_t kPresetCurves = 3;

constexpr Named kSignatureAlgorithms[] = {
    {"ecdsa_secp256r1_sha256", SSL_SIGN_ECDSA_SECP256R1_SHA256},
    {"rsa_pss_rsae_sha256", SSL_SIGN_RSA_PSS_RSAE_SHA256},
    {"rsa_pkcs1_sha256", SSL_SIGN_RSA_PKCS1_SHA256},
    {"ecdsa_secp384r1_sha384", SSL_SIGN_ECDSA_SECP384R1_SHA384},
    {"rsa_pss_rsae_sha384", SSL_SIGN_RSA_PSS_RSAE_SHA384},
    {"rsa_pkcs1_sha384", SSL_SIGN_RSA_PKCS1_SHA384},
    {"rsa_pss_rsae_sha512", SSL_SIGN_RSA_PSS_RSAE_SHA512},
    {"rsa_pkcs1_sha512", SSL_SIGN_RSA_PKCS1_SHA512},
    {"ecdsa_secp521r1_sha512", SSL_SIGN_ECDSA_SECP521R1_SHA512},
    {"ed25519", SSL_SIGN_ED25519}};

Error unknown(const std::string& kind, std::string_view name,
              std::span<const std::string_view> known) {
  const std::string meant = did_you_mean(name, known);
  return config_error("`" + std::string(name) + "` is no " + kind +
                      (meant.empty() ? ": it can be " + join_or(known) : meant));
}

// The numbers of `names` in `known`.
template <typename Number>
Result<std::vector<Number>> look_up(const std::string& kind, std::span<const std::string> names,
                                    std::span<const Named> known) {
  std::vector<Number> numbers;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(known, name, &Named::name);
    if (found == known.end()) {
      std::vector<std::string_view> choices;
      for (const Named& one : known) choices.push_back(one.name);
      return unknown(kind, name, choices);
    }
    numbers.push_back(static_cast<Number>(found->number));
  }
  return numbers;
}

Result<void> apply_versions(const ProtocolSpec& spec, SSL_CTX& context) {
  const Version preset = spec.preset == Preset::Modern ? Version::Tls13 : Version::Tls12;
  const Version min = spec.min_version.value_or(preset);
  const Version max = spec.max_version.value_or(Version::Tls13);
  if (min > max) {
    return config_error("no version of TLS is left: the lowest is 1.3 and the highest 1.2");
  }
  const auto number = [](Version version) {
    return static_cast<std::uint16_t>(version == Version::Tls13 ? TLS1_3_VERSION : TLS1_2_VERSION);
  };
  SSL_CTX_set_min_proto_version(&context, number(min));
  SSL_CTX_set_max_proto_version(&context, number(max));
  if (min == Version::Tls13 && !spec.ciphers.empty()) {
    return config_error("`ciphers` are those of TLS 1.2, which is off; those of 1.3 are fixed");
  }
  return {};
}

Result<void> apply_ciphers(const ProtocolSpec& spec, SSL_CTX& context) {
  std::string list;
  std::vector<std::string_view> known;
  for (const std::uint16_t value : kKnownCiphers) {
    known.emplace_back(SSL_CIPHER_get_name(SSL_get_cipher_by_value(value)));
  }
  for (const std::string& name : spec.ciphers) {
    const auto found = std::ranges::find_if(kKnownCiphers, [&](std::uint16_t value) {
      const SSL_CIPHER* const cipher = SSL_get_cipher_by_value(value);
      return name == SSL_CIPHER_get_name(cipher) || name == SSL_CIPHER_standard_name(cipher);
    });
    if (found == std::end(kKnownCiphers)) return unknown("cipher of TLS 1.2", name, known);
    if (!list.empty()) list += ':';
    list += SSL_CIPHER_get_name(SSL_get_cipher_by_value(*found));
  }
  if (SSL_CTX_set_strict_cipher_list(&context, list.empty() ? kCiphers : list.c_str()) != 1) {
    return config_error("`ciphers` are refused: " + take_openssl_error());
  }
  return {};
}

Result<void> apply_curves(const ProtocolSpec& spec, SSL_CTX& context) {
  WEIR_TRY(curves, look_up<int>("curve", spec.curves, kCurves));
  for (std::size_t i = 0; spec.curves.empty() && i < kPresetCurves; ++i) {
    curves.push_back(kCurves[i].number);
  }
  if (SSL_CTX_set1_curves(&context, curves.data(), curves.size()) != 1) {
    return config_error("`curves` are refused: " + take_openssl_error());
  }
  return {};
}

Result<void> apply_signature_algorithms(const ProtocolSpec& spec, SSL_CTX& context) {
  if (spec.signature_algorithms.empty()) return {};
  WEIR_TRY(numbers, look_up<std::uint16_t>("signature algorithm", spec.signature_algorithms,
                                           kSignatureAlgorithms));
  if (SSL_CTX_set_signing_algorithm_prefs(&context, numbers.data(), numbers.size()) != 1 ||
      SSL_CTX_set_verify_algorithm_prefs(&context, numbers.data(), numbers.size()) != 1) {
    return config_error("`signature_algorithms` are refused: " + take_openssl_error());
  }
  return {};
}

}  // namespace

Result<void> apply_protocol(const ProtocolSpec& spec, ssl_ctx_st& context) {
  WEIR_TRY_VOID(apply_versions(spec, context));
  WEIR_TRY_VOID(apply_ciphers(spec, context));
  WEIR_TRY_VOID(apply_curves(spec, context));
  return apply_signature_algorithms(spec, context);
}

}  // namespace weir::tls
