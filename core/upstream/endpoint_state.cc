#include "core/upstream/endpoint_state.h"

#include <algorithm>

namespace weir::upstream {

EndpointState::EndpointState(net::Address endpoint, std::shared_ptr<DenseSlots> slots)
    : address(std::move(endpoint)),
      text(address.to_string()),
      slot(slots->take()),
      slots_(std::move(slots)) {}

void EndpointState::set_mode(EndpointMode mode) {
  const std::uint32_t others = flags.load() & ~std::uint32_t{kDraining | kDown};
  const std::uint32_t bit = mode == EndpointMode::Up      ? 0u
                            : mode == EndpointMode::Drain ? kDraining
                                                          : kDown;
  flags = others | bit;
}

// Two workers at once may lose one of their samples: an average can bear that.
void EndpointState::note_latency(std::uint64_t us) {
  const auto sample = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(us, 1, UINT32_MAX));
  const std::uint32_t before = latency_us.load(std::memory_order_relaxed);
  const std::int64_t change = (std::int64_t{sample} - std::int64_t{before}) / 8;
  latency_us.store(before == 0 ? sample : static_cast<std::uint32_t>(before + change),
                   std::memory_order_relaxed);
}

}  // namespace weir::upstream
