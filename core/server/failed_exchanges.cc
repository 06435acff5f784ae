#include "core/server/failed_exchanges.h"

namespace weir::server {

void FailedExchanges::add(const filter::ExchangeRecord& record) {
  if (ring_.size() < kMost && next_ == ring_.size()) ring_.emplace_back();
  ring_[next_].take(record);
  next_ = (next_ + 1) % kMost;
}

std::vector<FailedExchange> FailedExchanges::list(std::string_view id) const {
  std::vector<FailedExchange> found;
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    const FailedExchange& each = ring_[(next_ + ring_.size() - 1 - i) % ring_.size()];
    if (id.empty() || each.id == id) found.push_back(each);
  }
  return found;
}

}  // namespace weir::server
