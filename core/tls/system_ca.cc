#include "core/tls/system_ca.h"

#include <cstdlib>

#include <unistd.h>

namespace weir::tls {
namespace {

constexpr const char* kUsualFiles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/ssl/cert.pem",                                  // Alpine, the BSDs
};

}  // namespace

std::optional<std::string> system_ca_file() {
  if (const char* const named = std::getenv("SSL_CERT_FILE")) {
    if (named[0] != '\0') return named;
  }
  for (const char* const file : kUsualFiles) {
    if (access(file, R_OK) == 0) return file;
  }
  return std::nullopt;
}

}  // namespace weir::tls
