#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/server/failed_exchange.h"

namespace weir::server {

// The last kMost failed exchanges of one worker. Worker thread.
class FailedExchanges {
 public:
  static constexpr std::size_t kMost = 256;

  void on_exchange(const filter::ExchangeRecord& record) {
    if (is_failed(record)) add(record);
  }
  // Those with that id, or all; the newest first.
  std::vector<FailedExchange> list(std::string_view id) const;

 private:
  void add(const filter::ExchangeRecord& record);

  std::vector<FailedExchange> ring_;
  std::size_t next_ = 0;  // where the next one goes
};

}  // namespace weir::server
