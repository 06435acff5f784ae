#pragma once

#include <memory>

struct ssl_st;
struct ssl_ctx_st;

namespace weir::tls {

struct SslDeleter {
  void operator()(ssl_st* connection) const;
  void operator()(ssl_ctx_st* context) const;
};

// What BoringSSL holds of one connection, and of all connections of a kind.
using SslPtr = std::unique_ptr<ssl_st, SslDeleter>;
using SslContextPtr = std::unique_ptr<ssl_ctx_st, SslDeleter>;

}  // namespace weir::tls
