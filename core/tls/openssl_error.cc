#include "core/tls/openssl_error.h"

#include <openssl/err.h>

namespace weir::tls {

std::string take_openssl_error() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason != nullptr ? reason : "no reason given";
  ERR_clear_error();
  return text;
}

}  // namespace weir::tls
