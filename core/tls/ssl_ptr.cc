#include "core/tls/ssl_ptr.h"

#include <openssl/ssl.h>

namespace weir::tls {

void SslDeleter::operator()(ssl_st* connection) const {
  SSL_free(connection);
}

void SslDeleter::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

}  // namespace weir::tls
