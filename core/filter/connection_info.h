#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/net/address.h"
#include "core/tls/client_hello.h"

namespace weir::filter {

// What is known of a downstream connection. Lives as long as it.
struct ConnectionInfo {
  net::Address peer;    // who is connected
  net::Address client;  // the same, or whom the PROXY protocol names
  net::Address local;   // where the client connected to
  std::string_view listener;
  std::string_view chain;  // once it is chosen
  bool encrypted = false;
  // What the client says in its ClientHello, where that was needed; null when none came in time,
  // once that is known.
  std::unique_ptr<const tls::ClientHello> hello;
  bool hello_known = false;

  std::string_view sni() const {
    return hello == nullptr ? std::string_view() : std::string_view(hello->server_name);
  }

  // `client` as text without port, once the chain is chosen.
  std::string_view client_ip() const { return {client_text, client_text_size}; }
  void write_client_ip() {
    client_text_size = static_cast<std::uint8_t>(client.format_ip(client_text));
  }

  char client_text[net::Address::kMaxText];
  std::uint8_t client_text_size = 0;
};

}  // namespace weir::filter
