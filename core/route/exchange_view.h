#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/http/message.h"
#include "core/http/variables.h"
#include "core/net/address.h"

namespace weir::route {

// What matches, keys and variables may look at. The stream fills it in as the exchange goes on;
// fields that are not known yet are empty or null. Everything lives as long as the stream.
struct ExchangeView {
  const http::Request* request = nullptr;
  const http::Response* response = nullptr;
  const http::Variables* vars = nullptr;
  const net::Address* client = nullptr;  // after PROXY protocol and trusted_proxies
  const net::Address* peer = nullptr;    // who is connected
  const net::Address* local = nullptr;   // where it connected to
  std::string_view client_ip;            // client as text
  std::string_view request_id;
  std::string_view listener;
  std::string_view chain;
  std::string_view route;
  std::string_view cluster;
  std::string_view endpoint;
  std::string_view sni;
  std::span<const std::string> alpn;  // what the client offered
  std::uint32_t random = 0;           // of the stream: percentages and weights
  // Flags that are on, as a bit set over the Snapshot's flag names.
  std::uint64_t flags = 0;
};

}  // namespace weir::route
