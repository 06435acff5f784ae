#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/server/failed_exchange.h"

namespace weir::server {

// The last failed exchanges of one worker, kMost of those that clients caused and kMost of the
// others, so that nobody outside can make them forgotten. Worker thread.
class FailedExchanges {
 public:
  static constexpr std::size_t kMost = 256;

  void on_exchange(const filter::ExchangeRecord& record) {
    if (is_failed(record)) add(record);
  }
  // Those with that id, or all; of each sort the newest first.
  std::vector<FailedExchange> list(std::string_view id) const;

 private:
  struct Ring {
    std::vector<FailedExchange> entries;
    std::size_t next = 0;  // where the next one goes
  };

  void add(const filter::ExchangeRecord& record);

  Ring of_clients_;  // answered 4xx
  Ring others_;
};

}  // namespace weir::server
