#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/tls/certificate_info.h"
#include "core/tls/client_spec.h"
#include "core/tls/ssl_ptr.h"

namespace weir::tls {

// TLS towards an upstream, as a configuration wants it. Built by any one thread, immutable but for
// the sessions that it keeps, and used by all; outlives the connections that it made.
class ClientContext {
 public:
  static Result<std::unique_ptr<ClientContext>> make(const ClientSpec& spec);
  ~ClientContext();
  ClientContext(const ClientContext&) = delete;
  ClientContext& operator=(const ClientContext&) = delete;

  // For one TlsTransport. `host` is the name or address of the server, unless the configuration
  // gives a `server_name`; `session_key` tells servers apart that do not know each other's
  // sessions, such as an endpoint's address.
  SslPtr new_connection(std::string_view host, std::string_view session_key) const;

  // What it shows to servers; none or one.
  std::vector<CertificateInfo> certificates() const;
  std::uint64_t handshake_timeout_ms() const { return handshake_timeout_ms_; }

 private:
  struct Parts;
  struct Callbacks;

  ClientContext();

  Result<void> set_certificate(const ClientSpec& spec);
  Result<void> set_trust(const ClientSpec& spec);
  void resume(ssl_st& connection, std::string_view session_key) const;

  SslContextPtr context_;
  std::unique_ptr<Parts> parts_;
  std::uint64_t handshake_timeout_ms_ = 0;
};

}  // namespace weir::tls
