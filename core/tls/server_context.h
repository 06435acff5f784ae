#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/tls/certificate_info.h"
#include "core/tls/server_spec.h"
#include "core/tls/ssl_ptr.h"
#include "core/tls/ticket_keys.h"

namespace weir::tls {

// TLS towards clients, as a configuration wants it. Built by any one thread, immutable and used by
// all afterwards; outlives the connections that it made.
class ServerContext {
 public:
  // `name` tells apart who shares `keys`: a ticket of one does not open another, nor does one of
  // other settings of client_certificates. `keys` outlive the context.
  static Result<std::unique_ptr<ServerContext>> make(const ServerSpec& spec, std::string_view name,
                                                     TicketKeys& keys);
  ~ServerContext();
  ServerContext(const ServerContext&) = delete;
  ServerContext& operator=(const ServerContext&) = delete;

  // For one TlsTransport.
  SslPtr new_connection() const;

  std::span<const CertificateInfo> certificates() const { return certificate_infos_; }
  std::uint64_t handshake_timeout_ms() const { return handshake_timeout_ms_; }

 private:
  struct Parts;
  struct Callbacks;

  explicit ServerContext(TicketKeys& keys);

  Result<void> set_certificates(const ServerSpec& spec);
  Result<void> set_alpn(const ServerSpec& spec);
  Result<void> set_client_certificates(const ServerSpec& spec);
  void set_sessions(const ServerSpec& spec, std::string_view name);
  // Whether the client of that session would be let in again today.
  bool still_good(const std::uint8_t* session_bytes, std::size_t size) const;

  TicketKeys& ticket_keys_;
  SslContextPtr context_;
  std::unique_ptr<Parts> parts_;
  std::vector<CertificateInfo> certificate_infos_;
  std::uint64_t handshake_timeout_ms_ = 0;
};

}  // namespace weir::tls
