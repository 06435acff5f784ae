#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/event/generation.h"
#include "core/net/address.h"
#include "core/upstream/cluster_spec.h"
#include "core/upstream/dense_slots.h"

namespace weir::upstream {

// What all workers know of one endpoint of a cluster. Made and destroyed by the control thread,
// which also sets weight, priority and flags; the numbers are every worker's.
struct EndpointState {
  enum Flag : std::uint32_t {
    // No longer a member, for good: its connections end when they are idle. A worker that has yet
    // to hear of the new members may still pick it, since it may know no others.
    kRemoved = 1,
    kDraining = 2,  // EndpointMode::Drain
    kDown = 4,      // EndpointMode::Down
  };

  EndpointState(net::Address endpoint, std::shared_ptr<DenseSlots> slots);
  ~EndpointState() { slots_->give_back(slot); }
  EndpointState(const EndpointState&) = delete;
  EndpointState& operator=(const EndpointState&) = delete;

  const net::Address address;
  const std::string text;    // the address as text
  const std::uint32_t slot;  // a small number, unique in its cluster
  // What holds it: a reactor that has connections or attempts there uses it.
  event::Generation<EndpointState>* generation = nullptr;

  std::atomic<std::uint32_t> flags{0};
  std::atomic<std::uint32_t> weight{1};
  std::atomic<std::uint32_t> priority{0};
  bool eligible() const {
    return (flags.load(std::memory_order_relaxed) & (kDraining | kDown)) == 0;
  }

  // Now, over all workers.
  alignas(64) std::atomic<std::uint32_t> requests{0};
  std::atomic<std::uint32_t> connections{0};
  // Smoothed microseconds from request to response head; 0 before the first.
  std::atomic<std::uint32_t> latency_us{0};
  // Since it is known.
  std::atomic<std::uint64_t> picked{0};
  std::atomic<std::uint64_t> failed{0};  // attempts without a response head

  // Control thread.
  void set_mode(EndpointMode mode);
  void note_latency(std::uint64_t us);

 private:
  std::shared_ptr<DenseSlots> slots_;
};

}  // namespace weir::upstream
