#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/memory_budget.h"
#include "core/base/pressure.h"
#include "core/server/overload_spec.h"

namespace weir::server {

// What is used of one resource, and how near its limit that is.
struct ResourceUse {
  std::uint64_t used = 0;
  std::uint64_t limit = UINT64_MAX;  // for none
  Pressure pressure = Pressure::None;
};

// What the whole process uses of memory and descriptors, against what `overload:` lets it, and the
// pressure that comes of it. Each worker judges it anew again and again; it never waits. Any
// thread, but for configure().
class Overload {
 public:
  enum class Resource : std::uint8_t { Memory, Descriptors };
  static constexpr std::size_t kResources = 2;
  static constexpr std::uint64_t kNoLimit = UINT64_MAX;

  // What there is: bytes of memory, and the limit of descriptors.
  Overload(std::uint64_t memory, std::uint64_t descriptors);
  Overload(const Overload&) = delete;
  Overload& operator=(const Overload&) = delete;

  // Control thread; the first time before the workers run.
  void configure(const OverloadSpec& spec);

  // The one that workers take their memory from.
  MemoryBudget& memory() { return memory_; }
  // kNoLimit for none.
  std::uint64_t limit(Resource resource) const;
  std::uint64_t used(Resource resource) const;
  // Looks at what is used now. A change is logged by whoever finds it first.
  Pressure judge(Resource resource);
  // As it was judged last.
  Pressure pressure(Resource resource) const {
    return pressures_[static_cast<std::size_t>(resource)].load(std::memory_order_relaxed);
  }
  ResourceUse use(Resource resource) const {
    return {used(resource), limit(resource), pressure(resource)};
  }
  // What the pressure comes of, as `overload:` and the metrics call it: those of Resource, in their
  // order, and loops that are late, which workers tell.
  static constexpr std::array<std::string_view, 3> kCauses{"memory", "descriptors", "loop_delay"};
  using Worst = std::array<Pressure, kCauses.size()>;
  void note_loop(Pressure pressure) { note(worst_.back(), pressure); }
  // By cause, since this was asked last.
  Worst take_worst();
  // How many connections copies of requests may have at once.
  std::uint32_t most_copies() const;
  // How many clients there are descriptors for, with a connection upstream each, beside those of
  // copies and of `listening` sockets. So many cause no critical pressure.
  std::uint32_t most_clients(std::uint64_t listening) const;
  // Bytes to free until memory is no longer at its critical pressure.
  std::uint64_t bytes_to_free() const;
  // How late a loop may be; zero for no limit.
  std::chrono::milliseconds loop_delay() const {
    return std::chrono::milliseconds(loop_delay_ms_.load(std::memory_order_relaxed));
  }

 private:
  std::uint64_t descriptors() const;
  static void note(std::atomic<Pressure>& worst, Pressure pressure);
  void log_change(Resource resource, Pressure now) const;

  const std::uint64_t memory_there_is_;
  const std::uint64_t descriptors_there_are_;
  // Those that are not of a net::Descriptor: the loops', the logs', standard streams. Counted once.
  std::atomic<std::uint64_t> other_descriptors_{0};
  MemoryBudget memory_;
  std::atomic<std::uint64_t> descriptor_limit_{kNoLimit};
  std::atomic<std::int64_t> loop_delay_ms_{0};
  std::array<std::atomic<Pressure>, kResources> pressures_{};
  std::array<std::atomic<Pressure>, kCauses.size()> worst_{};
};

}  // namespace weir::server
