#pragma once

#include <string>

#include "core/net/address.h"
#include "core/server/connection_cap.h"
#include "core/server/metrics_registry.h"

namespace weir::server {

// What the workers share of one listener as long as its name and address stay. A generation: made
// and destroyed on the control thread.
struct SharedListener {
  SharedListener(std::string n, net::Address a, unsigned workers, std::uint32_t limit,
                 ConnectionCap::Wake wake, MetricsTable<ListenerMetrics>::Use m)
      : name(std::move(n)),
        address(std::move(a)),
        cap(workers, limit, std::move(wake)),
        metrics(std::move(m)) {}

  const std::string name;
  const net::Address address;  // as it is bound
  ConnectionCap cap;
  const MetricsTable<ListenerMetrics>::Use metrics;
};

}  // namespace weir::server
