#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace weir::filter {

// Who ended an exchange.
enum class EndedBy : std::uint8_t { Client, Upstream, Weir, Filter };
std::string_view to_string(EndedBy by);

// How far it had come.
enum class Phase : std::uint8_t { Head, Filters, Queue, Connect, Send, Wait, Body };
std::string_view to_string(Phase phase);

// Why an exchange ended as it did: a closed list, the same words in the log, in metrics, in the
// x-weir-reason header and for plugins and scripts.
enum class Reason : std::uint8_t {
  Ok,
  BadRequest,       // the request breaks HTTP's rules or can be read in two ways
  HeadTooLarge,     // head, line or number of fields over its limit
  BodyTooLarge,     // the body is over the limit of a filter that counts or collects it
  HeaderTimeout,    // the head did not come within header_timeout
  IdleTimeout,      // nothing moved for idle_timeout
  TotalTimeout,     // total_timeout of the route
  NotSupported,     // CONNECT, an upgrade or expectation that is not allowed
  NoRoute,          // no route matches
  NoCluster,        // the cluster of the route is gone
  NoEndpoint,       // the cluster has no endpoint that may be picked
  QueueFull,        // limits reached, and the queue too
  QueueTimeout,     // waited for queue_timeout in the queue
  ConnectFailed,    // refused or unreachable
  ConnectTimeout,   // no connection within connect_timeout
  StarttlsRefused,  // the endpoint did not agree to upstream_starttls
  UpstreamReset,    // the connection ended before the response head
  UpstreamTimeout,  // no response head within timeout or per_try_timeout
  UpstreamInvalid,  // the response breaks HTTP's rules
  UpstreamCut,      // the response ended before it was complete
  ClientReset,      // the client went away
  ClientTimeout,    // the client did not send or take the body in time
  FilterReply,      // a filter answered
  FilterFailed,     // a filter failed or broke its contract
  Redirected,       // the route answered with a redirect
  Responded,        // the route answered by itself
  Overload,         // shed
  Draining,         // Weir is ending
  kCount
};

struct ReasonText {
  std::string_view code;    // as in the log: "connect_failed"
  std::string_view advice;  // what to do about it, one line
};
const ReasonText& text_of(Reason reason);
inline std::string_view to_string(Reason reason) {
  return text_of(reason).code;
}
// All, in the order of the enumeration.
std::span<const ReasonText> reasons();

}  // namespace weir::filter
