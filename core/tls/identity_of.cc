#include "core/tls/identity_of.h"

#include <array>

#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/digest.h>
#include <openssl/mem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace weir::tls {
namespace {

std::string text_of(const ASN1_STRING* string) {
  const auto* const bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  return {bytes, static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string address_of(const ASN1_STRING* string) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int size = ASN1_STRING_length(string);
  if (size != 4 && size != 16) return {};
  inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(string), text.data(),
            text.size());
  return text.data();
}

std::string subject_of(const X509& certificate) {
  const bssl::UniquePtr<BIO> out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(&certificate), 0, XN_FLAG_RFC2253);
  const std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  BIO_mem_contents(out.get(), &bytes, &size);
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string serial_of(const X509& certificate) {
  const bssl::UniquePtr<BIGNUM> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
  if (number == nullptr) return {};
  const bssl::UniquePtr<char> text(BN_bn2hex(number.get()));
  return text != nullptr ? text.get() : "";
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  const bssl::UniquePtr<ASN1_TIME> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, epoch.get(), time) == 0) return 0;
  return std::int64_t{days} * 86'400 + seconds;
}

void add_names(const X509& certificate, Identity& identity) {
  const bssl::UniquePtr<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (names == nullptr) return;
  for (std::size_t i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    switch (name->type) {
      case GEN_DNS:
        identity.dns_names.push_back(text_of(name->d.dNSName));
        break;
      case GEN_URI:
        identity.uris.push_back(text_of(name->d.uniformResourceIdentifier));
        break;
      case GEN_EMAIL:
        identity.emails.push_back(text_of(name->d.rfc822Name));
        break;
      case GEN_IPADD:
        identity.ip_addresses.push_back(address_of(name->d.iPAddress));
        break;
      default:
        break;
    }
  }
}

}  // namespace

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

Identity identity_of(const X509& certificate) {
  Identity identity;
  identity.subject = subject_of(certificate);
  identity.serial = serial_of(certificate);
  identity.not_before = seconds_of(X509_get0_notBefore(&certificate));
  identity.not_after = seconds_of(X509_get0_notAfter(&certificate));
  add_names(certificate, identity);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(&certificate, EVP_sha256(), digest.data(), &size);
  identity.sha256 = hexadecimal(std::span(digest.data(), size));
  return identity;
}

}  // namespace weir::tls
