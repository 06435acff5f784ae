#include "core/tls/pem.h"

#include <cstring>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "core/tls/openssl_error.h"

namespace weir::tls {
namespace {

bssl::UniquePtr<BIO> bio_of(const PemText& pem) {
  return bssl::UniquePtr<BIO>(BIO_new_mem_buf(pem.text.data(), static_cast<int>(pem.text.size())));
}

bool at_the_end() {
  const std::uint32_t error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

// All objects of a kind; `what` is that kind and `label` what PEM calls it.
template <typename T>
Result<std::vector<bssl::UniquePtr<T>>> read_all(const PemText& pem,
                                                 T* (*read)(BIO*, T**, pem_password_cb*, void*),
                                                 const std::string& what, const char* label) {
  const bssl::UniquePtr<BIO> bio = bio_of(pem);
  std::vector<bssl::UniquePtr<T>> objects;
  ERR_clear_error();
  while (T* object = read(bio.get(), nullptr, nullptr, nullptr)) objects.emplace_back(object);
  if (!at_the_end()) {
    return config_error(pem.file + ": " + what + " number " + std::to_string(objects.size() + 1) +
                        " is damaged (" + take_openssl_error() + "): write the file anew");
  }
  ERR_clear_error();
  if (objects.empty()) {
    return config_error(pem.file + ": there is no " + what + ": it must be PEM, with a line `" +
                        "-----BEGIN " + label + "-----`");
  }
  return objects;
}

// BoringSSL asks for a password here, and takes a negative length for none.
int give_password(char* space, int size, int, void* password) {
  const auto& given = *static_cast<const std::optional<std::string>*>(password);
  if (!given || given->size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(space, given->data(), given->size());
  return static_cast<int>(given->size());
}

}  // namespace

Result<std::vector<bssl::UniquePtr<X509>>> read_certificates(const PemText& pem) {
  return read_all(pem, PEM_read_bio_X509, "certificate", PEM_STRING_X509);
}

Result<std::vector<bssl::UniquePtr<X509_CRL>>> read_crls(const PemText& pem) {
  return read_all(pem, PEM_read_bio_X509_CRL, "revocation list", PEM_STRING_X509_CRL);
}

Result<bssl::UniquePtr<EVP_PKEY>> read_key(const PemText& pem,
                                           const std::optional<std::string>& password) {
  const bssl::UniquePtr<BIO> bio = bio_of(pem);
  ERR_clear_error();
  bssl::UniquePtr<EVP_PKEY> key(PEM_read_bio_PrivateKey(
      bio.get(), nullptr, give_password, const_cast<std::optional<std::string>*>(&password)));
  if (key != nullptr) return key;
  if (at_the_end()) {
    ERR_clear_error();
    return config_error(pem.file + ": there is no private key: it must be PEM, with a line " +
                        "`-----BEGIN PRIVATE KEY-----`");
  }
  if (pem.text.find("ENCRYPTED") == std::string::npos) {
    return config_error(pem.file + ": the private key is damaged (" + take_openssl_error() +
                        "): write the file anew");
  }
  ERR_clear_error();
  return config_error(pem.file + (password ? ": the password does not open the private key"
                                           : ": the private key is encrypted: give its password"));
}

}  // namespace weir::tls
