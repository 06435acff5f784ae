#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/arena.h"
#include "core/filter/reason.h"
#include "core/http/variables.h"
#include "core/route/exchange_view.h"

namespace weir::filter {

// One attempt at an endpoint.
struct Attempt {
  std::string_view endpoint;  // its address
  std::string_view result;    // a reason code, or the status as digits
  std::uint32_t ms = 0;
};

// What an exchange leaves behind: the access log, metrics, and the ring of failed exchanges are
// made from it. A view that is valid during ExchangeSink::on_exchange only.
struct ExchangeRecord {
  static constexpr std::uint32_t kNone = UINT32_MAX;  // a phase that was never reached

  std::int64_t time_us = 0;  // since 1970, when the first byte of the head came
  std::string_view id;
  std::uint64_t snapshot = 0;
  std::string_view listener;
  std::string_view chain;
  std::string_view route;
  std::string_view cluster;
  std::string_view endpoint;
  const Attempt* attempts = nullptr;
  std::uint32_t attempt_count = 0;
  std::string_view client;  // address without port
  std::string_view method;  // empty for tcp
  std::string_view scheme;
  std::string_view host;
  std::string_view path;
  std::string_view query;
  std::string_view protocol;  // "HTTP/1.1", "HTTP/1.0", "tcp"
  std::string_view user_agent;
  std::string_view referer;
  std::string_view sni;
  std::uint16_t status = 0;  // 0: no response was begun
  EndedBy ended_by = EndedBy::Upstream;
  std::string_view filter;  // with EndedBy::Filter
  Phase phase = Phase::Body;
  Reason why = Reason::Ok;
  struct {
    std::uint32_t head = kNone;        // first byte to complete head
    std::uint32_t filters = kNone;     // head to the router
    std::uint32_t queue = kNone;       // waiting for a slot
    std::uint32_t connect = kNone;     // waiting for a connection
    std::uint32_t first_byte = kNone;  // request sent to response head
    std::uint32_t total = 0;
  } us;                         // microseconds here; the log says milliseconds with three decimals
  std::uint64_t bytes_in = 0;   // from the client, heads included
  std::uint64_t bytes_out = 0;  // to the client
  const http::Variables* vars = nullptr;
  // The rest of what is known, and memory of the stream for what is made of it. Null for tcp.
  const route::ExchangeView* view = nullptr;
  Arena* arena = nullptr;
};

}  // namespace weir::filter
