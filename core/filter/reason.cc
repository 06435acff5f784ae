#include "core/filter/reason.h"

#include <array>

#include "core/base/check.h"

namespace weir::filter {
namespace {

constexpr std::array<ReasonText, static_cast<std::size_t>(Reason::kCount)> kReasons{{
    {"ok", "nothing"},
    {"bad_request", "mend the client: its request is malformed or ambiguous"},
    {"head_too_large", "mend the client, or raise max_request_head of the http filter"},
    {"body_too_large", "mend the client, or raise the limit of the filter that the record names"},
    {"header_timeout", "a slow or hostile client; raise header_timeout if it is neither"},
    {"idle_timeout", "raise idle_timeout of the route if long silences are usual"},
    {"total_timeout", "raise total_timeout of the route, or look why the exchange takes so long"},
    {"not_supported",
     "the client asked for CONNECT, an expectation or an upgrade not allowed here"},
    {"no_route", "add a route that matches, or one without `match` as the last"},
    {"no_cluster", "the cluster left the configuration while the request waited: try again"},
    {"no_endpoint", "the cluster has no endpoint that is up: look at /clusters"},
    {"queue_full", "raise limits or queue of the cluster, or add endpoints"},
    {"queue_timeout", "raise limits or queue_timeout of the cluster, or add endpoints"},
    {"connect_failed", "see that the endpoint listens at its address"},
    {"connect_timeout", "see that the network reaches the endpoint; raise connect_timeout"},
    {"starttls_refused",
     "switch TLS on at the endpoint, or leave out upstream_starttls: the log says what it did"},
    {"upstream_reset", "the endpoint closed the connection instead of answering: read its log"},
    {"upstream_timeout", "the endpoint is too slow, or raise timeout of the route"},
    {"upstream_invalid", "the endpoint's response breaks HTTP's rules: read its log"},
    {"upstream_cut", "the endpoint ended the connection in the middle of a response"},
    {"client_reset", "nothing: the client went away"},
    {"client_timeout", "the client did not send or take its body in time"},
    {"filter_reply", "nothing: the filter named in ended.by answered"},
    {"filter_failed", "the filter named in ended.by failed: read the operational log"},
    {"redirected", "nothing: the route redirects"},
    {"responded", "nothing: the route answers by itself"},
    {"overload",
     "Weir sheds load: see which resource `weir_pressure` names; add of it, or raise `overload`"},
    {"draining", "nothing: this process is ending; another one answers"},
}};

}  // namespace

std::string_view to_string(EndedBy by) {
  switch (by) {
    case EndedBy::Client:
      return "client";
    case EndedBy::Upstream:
      return "upstream";
    case EndedBy::Weir:
      return "weir";
    case EndedBy::Filter:
      return "filter";
  }
  return "weir";
}

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::Head:
      return "head";
    case Phase::Filters:
      return "filters";
    case Phase::Queue:
      return "queue";
    case Phase::Connect:
      return "connect";
    case Phase::Send:
      return "send";
    case Phase::Wait:
      return "wait";
    case Phase::Body:
      return "body";
  }
  return "head";
}

const ReasonText& text_of(Reason reason) {
  WEIR_ASSERT(reason < Reason::kCount);
  return kReasons[static_cast<std::size_t>(reason)];
}

std::span<const ReasonText> reasons() {
  return kReasons;
}

}  // namespace weir::filter
