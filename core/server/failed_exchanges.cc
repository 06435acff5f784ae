#include "core/server/failed_exchanges.h"

namespace weir::server {

void FailedExchanges::add(const filter::ExchangeRecord& record) {
  Ring& ring = record.status >= 400 && record.status < 500 ? of_clients_ : others_;
  if (ring.next == ring.entries.size()) ring.entries.emplace_back();
  ring.entries[ring.next].take(record);
  ring.next = (ring.next + 1) % kMost;
}

std::vector<FailedExchange> FailedExchanges::list(std::string_view id) const {
  std::vector<FailedExchange> found;
  for (const Ring* ring : {&others_, &of_clients_}) {
    const std::size_t size = ring->entries.size();
    for (std::size_t i = 0; i < size; ++i) {
      const FailedExchange& each = ring->entries[(ring->next + size - 1 - i) % size];
      if (id.empty() || each.id == id) found.push_back(each);
    }
  }
  return found;
}

}  // namespace weir::server
