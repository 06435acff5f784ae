#include "core/tls/certificate.h"

#include <optional>

#include <openssl/bytestring.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/pool.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "core/tls/identity_of.h"
#include "core/tls/pem.h"

namespace weir::tls {
namespace {

constexpr unsigned kLeastRsaBits = 2048;

bool fits(const X509& certificate, const EVP_PKEY& key) {
  const bssl::UniquePtr<EVP_PKEY> own(X509_get_pubkey(const_cast<X509*>(&certificate)));
  const bool same = own != nullptr && EVP_PKEY_cmp(own.get(), &key) == 1;
  ERR_clear_error();
  return same;
}

Error misfit(const CertificateSpec& spec, std::span<const bssl::UniquePtr<X509>> chain,
             const EVP_PKEY& key) {
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (!fits(*chain[i], key)) continue;
    return config_error(spec.chain.file + ": the certificate of the key in " + spec.key.file +
                        " is number " + std::to_string(i + 1) + ": it must be the first");
  }
  return config_error(spec.key.file + ": this private key is of another certificate than the " +
                      "first of " + spec.chain.file + " (" + identity_of(*chain[0]).subject +
                      "): give the two that belong together");
}

Result<void> describe_ec_key(const PemText& pem, const EVP_PKEY& key, Certificate& certificate) {
  const EC_GROUP* const group = EC_KEY_get0_group(EVP_PKEY_get0_EC_KEY(&key));
  switch (EC_GROUP_get_curve_name(group)) {
    case NID_X9_62_prime256v1:
      certificate.info.key_type = "P-256";
      certificate.curve = SSL_CURVE_SECP256R1;
      certificate.signature_algorithms = {SSL_SIGN_ECDSA_SECP256R1_SHA256};
      return {};
    case NID_secp384r1:
      certificate.info.key_type = "P-384";
      certificate.curve = SSL_CURVE_SECP384R1;
      certificate.signature_algorithms = {SSL_SIGN_ECDSA_SECP384R1_SHA384};
      return {};
    case NID_secp521r1:
      certificate.info.key_type = "P-521";
      certificate.curve = SSL_CURVE_SECP521R1;
      certificate.signature_algorithms = {SSL_SIGN_ECDSA_SECP521R1_SHA512};
      return {};
    default:
      return config_error(pem.file + ": TLS has no use for the curve of this key: take P-256");
  }
}

Result<void> describe_key(const PemText& pem, const EVP_PKEY& key, Certificate& certificate) {
  switch (EVP_PKEY_id(&key)) {
    case EVP_PKEY_RSA: {
      const auto bits = static_cast<unsigned>(EVP_PKEY_bits(&key));
      if (bits < kLeastRsaBits) {
        return config_error(pem.file + ": an RSA key of " + std::to_string(bits) +
                            " bits is too weak: take P-256, or RSA with 2048 bits");
      }
      certificate.info.key_type = "RSA " + std::to_string(bits);
      certificate.rsa = true;
      certificate.signature_algorithms = {
          SSL_SIGN_RSA_PSS_RSAE_SHA256, SSL_SIGN_RSA_PSS_RSAE_SHA384, SSL_SIGN_RSA_PSS_RSAE_SHA512,
          SSL_SIGN_RSA_PKCS1_SHA256,    SSL_SIGN_RSA_PKCS1_SHA384,    SSL_SIGN_RSA_PKCS1_SHA512};
      return {};
    }
    case EVP_PKEY_EC:
      return describe_ec_key(pem, key, certificate);
    case EVP_PKEY_ED25519:
      certificate.info.key_type = "Ed25519";
      certificate.signature_algorithms = {SSL_SIGN_ED25519};
      return {};
    default:
      return config_error(pem.file + ": TLS has no use for a key of this type: take P-256 or RSA");
  }
}

bssl::UniquePtr<CRYPTO_BUFFER> encoded(X509& certificate) {
  std::uint8_t* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  const bssl::UniquePtr<std::uint8_t> owned(bytes);
  if (size <= 0) return nullptr;
  return bssl::UniquePtr<CRYPTO_BUFFER>(
      CRYPTO_BUFFER_new(bytes, static_cast<std::size_t>(size), nullptr));
}

}  // namespace

std::vector<CRYPTO_BUFFER*> Certificate::raw_chain() const {
  std::vector<CRYPTO_BUFFER*> raw;
  for (const auto& buffer : chain) raw.push_back(buffer.get());
  return raw;
}

Result<Certificate> make_certificate(const CertificateSpec& spec) {
  WEIR_TRY(chain, read_certificates(spec.chain));
  WEIR_TRY(key, read_key(spec.key, spec.password));
  if (!fits(*chain[0], *key)) return misfit(spec, chain, *key);
  Certificate certificate;
  WEIR_TRY_VOID(describe_key(spec.key, *key, certificate));
  certificate.info.file = spec.chain.file;
  certificate.info.identity = identity_of(*chain[0]);
  for (const auto& one : chain) certificate.chain.push_back(encoded(*one));
  certificate.key = std::move(key);
  return certificate;
}

}  // namespace weir::tls
