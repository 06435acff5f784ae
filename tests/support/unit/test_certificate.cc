#include "tests/support/unit/test_certificate.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>

#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/digest.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/base/check.h"

namespace weir::test {
namespace {

std::string contents(BIO& bio) {
  const std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  WEIR_CHECK(BIO_mem_contents(&bio, &bytes, &size) == 1);
  return {reinterpret_cast<const char*>(bytes), size};
}

bssl::UniquePtr<BIO> memory() {
  return bssl::UniquePtr<BIO>(BIO_new(BIO_s_mem()));
}

bssl::UniquePtr<EVP_PKEY> make_ec_key(int curve) {
  bssl::UniquePtr<EC_KEY> ec(EC_KEY_new_by_curve_name(curve));
  WEIR_CHECK(EC_KEY_generate_key(ec.get()) == 1);
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  WEIR_CHECK(EVP_PKEY_set1_EC_KEY(key.get(), ec.get()) == 1);
  return key;
}

// These take long: one of each size does for all tests.
bssl::UniquePtr<EVP_PKEY> make_rsa_key(int bits) {
  static std::map<int, bssl::UniquePtr<EVP_PKEY>> made;
  bssl::UniquePtr<EVP_PKEY>& key = made[bits];
  if (key == nullptr) {
    bssl::UniquePtr<RSA> rsa(RSA_new());
    bssl::UniquePtr<BIGNUM> exponent(BN_new());
    WEIR_CHECK(BN_set_word(exponent.get(), RSA_F4) == 1);
    WEIR_CHECK(RSA_generate_key_ex(rsa.get(), bits, exponent.get(), nullptr) == 1);
    key.reset(EVP_PKEY_new());
    WEIR_CHECK(EVP_PKEY_set1_RSA(key.get(), rsa.get()) == 1);
  }
  return bssl::UpRef(key);
}

bssl::UniquePtr<EVP_PKEY> make_key(TestKey kind) {
  switch (kind) {
    case TestKey::P256:
      return make_ec_key(NID_X9_62_prime256v1);
    case TestKey::P384:
      return make_ec_key(NID_secp384r1);
    case TestKey::Rsa2048:
      return make_rsa_key(2048);
    case TestKey::Rsa1024:
      return make_rsa_key(1024);
    case TestKey::Ed25519:
      break;
  }
  const bssl::UniquePtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr));
  EVP_PKEY* key = nullptr;
  WEIR_CHECK(EVP_PKEY_keygen_init(context.get()) == 1);
  WEIR_CHECK(EVP_PKEY_keygen(context.get(), &key) == 1);
  return bssl::UniquePtr<EVP_PKEY>(key);
}

void add_extension(X509& certificate, int nid, const std::string& value) {
  const bssl::UniquePtr<X509_EXTENSION> extension(
      X509V3_EXT_nconf_nid(nullptr, nullptr, nid, value.c_str()));
  WEIR_CHECK(extension != nullptr);
  WEIR_CHECK(X509_add_ext(&certificate, extension.get(), -1) == 1);
}

void add_name(GENERAL_NAMES& names, int type, const std::string& text) {
  bssl::UniquePtr<GENERAL_NAME> name(GENERAL_NAME_new());
  bssl::UniquePtr<ASN1_STRING> value(
      ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING));
  std::string bytes = text;
  if (type == GEN_IPADD) {
    const bool six = text.find(':') != std::string::npos;
    bytes.resize(six ? 16 : 4);
    WEIR_CHECK(inet_pton(six ? AF_INET6 : AF_INET, text.c_str(), bytes.data()) == 1);
  }
  ASN1_STRING_set(value.get(), bytes.data(), static_cast<int>(bytes.size()));
  GENERAL_NAME_set0_value(name.get(), type, value.release());
  bssl::PushToStack(&names, std::move(name));
}

void add_names(X509& certificate, const CertificateWish& wish) {
  const bssl::UniquePtr<GENERAL_NAMES> names(GENERAL_NAMES_new());
  for (const std::string& name : wish.dns) add_name(*names, GEN_DNS, name);
  for (const std::string& name : wish.uris) add_name(*names, GEN_URI, name);
  for (const std::string& name : wish.emails) add_name(*names, GEN_EMAIL, name);
  for (const std::string& name : wish.ips) add_name(*names, GEN_IPADD, name);
  if (sk_GENERAL_NAME_num(names.get()) == 0) return;
  WEIR_CHECK(X509_add1_ext_i2d(&certificate, NID_subject_alt_name, names.get(), 0, 0) == 1);
}

// Without extensions and signature.
bssl::UniquePtr<X509> begin_certificate(const std::string& common_name, EVP_PKEY& key,
                                        const X509_NAME* issuer, std::int64_t from_s,
                                        std::int64_t until_s) {
  static long serial = 0x1000;
  bssl::UniquePtr<X509> made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
  const std::time_t now = std::time(nullptr);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), now + from_s);
  ASN1_TIME_set(X509_getm_notAfter(made.get()), now + until_s);
  X509_NAME* const name = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const std::uint8_t*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
  X509_set_issuer_name(made.get(), const_cast<X509_NAME*>(issuer != nullptr ? issuer : name));
  WEIR_CHECK(X509_set_pubkey(made.get(), &key) == 1);
  return made;
}

std::string pem_of(X509& certificate) {
  const bssl::UniquePtr<BIO> bio = memory();
  WEIR_CHECK(PEM_write_bio_X509(bio.get(), &certificate) == 1);
  return contents(*bio);
}

std::string hexadecimal_serial(X509& certificate) {
  const bssl::UniquePtr<BIGNUM> number(
      ASN1_INTEGER_to_BN(X509_get_serialNumber(&certificate), nullptr));
  const bssl::UniquePtr<char> text(BN_bn2hex(number.get()));
  return text.get();
}

std::string fingerprint(const X509& certificate) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(&certificate, EVP_sha256(), digest.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
  }
  return text;
}

}  // namespace

struct TestAuthority::Parts {
  bssl::UniquePtr<EVP_PKEY> key = make_key(TestKey::P256);
  bssl::UniquePtr<X509> certificate;
  std::string pem;
  std::string above;  // intermediate certificates, from this one on

  void make(const std::string& name, const X509_NAME* issuer, EVP_PKEY& signer) {
    certificate = begin_certificate(name, *key, issuer, -3'600, 86'400);
    add_extension(*certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(*certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    WEIR_CHECK(X509_sign(certificate.get(), &signer, EVP_sha256()) > 0);
    pem = pem_of(*certificate);
  }
};

TestAuthority::TestAuthority(const std::string& name) : parts_(std::make_unique<Parts>()) {
  parts_->make(name, nullptr, *parts_->key);
}

TestAuthority::TestAuthority(TestAuthority& above, const std::string& name)
    : parts_(std::make_unique<Parts>()) {
  parts_->make(name, X509_get_subject_name(above.parts_->certificate.get()), *above.parts_->key);
  parts_->above = parts_->pem + above.parts_->above;
}

TestAuthority::~TestAuthority() = default;

const std::string& TestAuthority::certificate() const {
  return parts_->pem;
}

TestCertificate TestAuthority::issue(const CertificateWish& wish) {
  const bssl::UniquePtr<EVP_PKEY> key = make_key(wish.key);
  const bssl::UniquePtr<X509> made =
      begin_certificate(wish.common_name, *key, X509_get_subject_name(parts_->certificate.get()),
                        wish.from_s, wish.until_s);
  add_extension(*made, NID_basic_constraints, "critical,CA:FALSE");
  add_names(*made, wish);
  WEIR_CHECK(X509_sign(made.get(), parts_->key.get(), EVP_sha256()) > 0);
  const bssl::UniquePtr<BIO> bio = memory();
  WEIR_CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                           nullptr) == 1);
  return {pem_of(*made) + parts_->above, contents(*bio), hexadecimal_serial(*made),
          fingerprint(*made)};
}

std::string TestAuthority::crl(const std::vector<TestCertificate>& revoked,
                               std::int64_t until_s) const {
  const bssl::UniquePtr<X509_CRL> crl(X509_CRL_new());
  X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(parts_->certificate.get()));
  const std::time_t now = std::time(nullptr);
  const bssl::UniquePtr<ASN1_TIME> begin(ASN1_TIME_set(nullptr, now - 7'200));
  const bssl::UniquePtr<ASN1_TIME> end(ASN1_TIME_set(nullptr, now + until_s));
  X509_CRL_set1_lastUpdate(crl.get(), begin.get());
  X509_CRL_set1_nextUpdate(crl.get(), end.get());
  for (const TestCertificate& one : revoked) {
    bssl::UniquePtr<X509_REVOKED> entry(X509_REVOKED_new());
    BIGNUM* number = nullptr;
    BN_hex2bn(&number, one.serial.c_str());
    const bssl::UniquePtr<BIGNUM> owned(number);
    const bssl::UniquePtr<ASN1_INTEGER> serial(BN_to_ASN1_INTEGER(number, nullptr));
    X509_REVOKED_set_serialNumber(entry.get(), serial.get());
    X509_REVOKED_set_revocationDate(entry.get(), begin.get());
    X509_CRL_add0_revoked(crl.get(), entry.release());
  }
  X509_CRL_sort(crl.get());
  WEIR_CHECK(X509_CRL_sign(crl.get(), parts_->key.get(), EVP_sha256()) > 0);
  const bssl::UniquePtr<BIO> bio = memory();
  WEIR_CHECK(PEM_write_bio_X509_CRL(bio.get(), crl.get()) == 1);
  return contents(*bio);
}

std::string TestCertificate::locked_key(std::string_view password) const {
  const bssl::UniquePtr<BIO> in(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
  const bssl::UniquePtr<EVP_PKEY> parsed(
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const bssl::UniquePtr<BIO> out = memory();
  WEIR_CHECK(PEM_write_bio_PKCS8PrivateKey(
                 out.get(), parsed.get(), EVP_aes_256_cbc(), const_cast<char*>(password.data()),
                 static_cast<int>(password.size()), nullptr, nullptr) == 1);
  return contents(*out);
}

}  // namespace weir::test
