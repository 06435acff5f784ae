#include "core/server/failed_exchange.h"

namespace weir::server {
namespace {

void keep(std::string& text, std::string_view value) {
  text.assign(value.substr(0, FailedExchange::kMaxText));
}

}  // namespace

bool is_failed(const filter::ExchangeRecord& record) {
  using filter::Reason;
  const bool meant = record.why == Reason::Ok || record.why == Reason::Redirected ||
                     record.why == Reason::Responded;
  const bool answered = record.why == Reason::FilterReply && record.status < 400;
  return (!meant && !answered) || record.status >= 500;
}

void FailedExchange::take(const filter::ExchangeRecord& record) {
  time_us = record.time_us;
  keep(id, record.id);
  snapshot = record.snapshot;
  keep(listener, record.listener);
  keep(chain, record.chain);
  keep(route, record.route);
  keep(cluster, record.cluster);
  keep(endpoint, record.endpoint);
  keep(client, record.client);
  keep(method, record.method);
  keep(host, record.host);
  keep(path, record.path);
  status = record.status;
  ended_by = record.ended_by;
  keep(filter, record.filter);
  phase = record.phase;
  why = record.why;
  total_us = record.us.total;
  bytes_in = record.bytes_in;
  bytes_out = record.bytes_out;
  attempts.clear();
  for (std::uint32_t i = 0; i < record.attempt_count && attempts.size() < kMaxText; ++i) {
    const filter::Attempt& attempt = record.attempts[i];
    if (i > 0) attempts += ", ";
    attempts.append(attempt.endpoint).append(" ").append(attempt.result);
    attempts.append(" after ").append(std::to_string(attempt.ms)).append(" ms");
  }
}

}  // namespace weir::server
