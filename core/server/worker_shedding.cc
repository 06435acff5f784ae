#include "core/server/worker_shedding.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "core/base/log.h"
#include "core/filter/stream_pool.h"
#include "core/server/worker.h"
#include "core/upstream/local_clusters.h"

namespace weir::server {
namespace {

using Resource = Overload::Resource;
LogLimit changes{std::chrono::seconds(1)};
LogLimit recoveries{std::chrono::seconds(1)};

// What is kept for reuse while memory is scarce.
constexpr std::size_t kFewBlocks = 4;
constexpr std::size_t kFewStreams = 16;

}  // namespace

WorkerShedding::WorkerShedding(Worker& worker, Overload& overload, WorkerMetrics& metrics)
    : worker_(worker),
      overload_(overload),
      metrics_(metrics),
      timer_(event::Timer::of<&WorkerShedding::tick>(worker.reactor().loop().timers(), this)) {
  worker_.reactor().memory().set_owner(this);
}

WorkerShedding::~WorkerShedding() {
  worker_.reactor().memory().set_owner(nullptr);
}

void WorkerShedding::start() {
  due_ms_ = worker_.reactor().loop().now();
  tick();
}

bool WorkerShedding::must_not_accept() {
  look();
  return worker_.reactor().pressure() == Pressure::Critical;
}

// Behind the connections that end in this turn: what they held is back by then.
void WorkerShedding::on_memory_short() {
  if (!gave_all_) worker_.reactor().loop().last_at_turn_end(*this);
}

void WorkerShedding::on_turn_end() {
  look();
  if (overload_.pressure(Resource::Memory) == Pressure::Critical) shed_heaviest();
}

void WorkerShedding::tick() {
  event::Loop& loop = worker_.reactor().loop();
  look_at_delay(loop.now() - std::min(due_ms_, loop.now()));
  gave_all_ = false;
  worker_.reactor().set_most_copies(overload_.most_copies() / worker_.process_cap().workers());
  look();
  if (overload_.pressure(Resource::Memory) == Pressure::Critical) shed_heaviest();
  close_idle();
  worker_.reactor().blocks().wake_waiting();
  measure();
  due_ms_ = loop.now() + LoopDelay::kIntervalMs;
  timer_.arm(LoopDelay::kIntervalMs);
}

void WorkerShedding::look_at_delay(std::uint64_t late_ms) {
  const Pressure before = delay_.pressure();
  delay_.look(late_ms, overload_.loop_delay());
  overload_.note_loop(delay_.pressure());
  if (delay_.pressure() == before) return;
  const bool over = delay_.pressure() == Pressure::None;
  log(over ? recoveries : changes, over ? LogLevel::Info : LogLevel::Warning, "overload",
      "worker {}: its loop is {} ms late, of {} that it may be", worker_.reactor().index(),
      static_cast<std::uint64_t>(delay_.ms()), overload_.loop_delay().count());
}

void WorkerShedding::look() {
  keep_spare_memory();
  event::Reactor& reactor = worker_.reactor();
  const Pressure before = reactor.pressure();
  const Pressure now = std::max({overload_.judge(Resource::Memory),
                                 overload_.judge(Resource::Descriptors), delay_.pressure()});
  if (now == before) return;
  reactor.set_pressure(now);
  metrics_.pressure.set(static_cast<std::int64_t>(now));
  if (before == Pressure::Critical) worker_.look_for_room();
}

// What is only kept for reuse goes before anybody suffers.
void WorkerShedding::keep_spare_memory() {
  const MemoryBudget& memory = overload_.memory();
  const bool scarce = memory.used() > memory.limit() / 10 * (spares_ ? 7 : 5);
  if (scarce != spares_) return;
  spares_ = !scarce;
  event::Reactor& reactor = worker_.reactor();
  reactor.blocks().keep(scarce ? kFewBlocks : BlockPool::kMaxFree);
  reactor.local<filter::StreamPool>().keep(scarce ? kFewStreams : filter::StreamPool::kMaxFree);
}

// To a loop that is late idle connections are no burden, and new ones would be.
void WorkerShedding::close_idle() {
  const bool scarce = std::max(overload_.pressure(Resource::Memory),
                               overload_.pressure(Resource::Descriptors)) != Pressure::None;
  if (scarce) {
    auto& clusters = worker_.reactor().local<upstream::LocalClusters>();
    for (std::size_t i = 0; i < kMostClosed && clusters.close_idle(); ++i) {
      metrics_.pooled_closed.add();
    }
  }
  // Clients that idle must not keep others out either.
  const std::size_t most = scarce ? kMostClosed : worker_.process_cap().crowd();
  if (most > 0) close_idle_clients(std::min(most, kMostClosed));
}

void WorkerShedding::close_idle_clients(std::size_t left) {
  const std::uint64_t now = worker_.reactor().loop().now();
  worker_.each_connection([&](filter::Downstream& downstream) {
    if (left == 0 || now - downstream.connection().last_activity() < kIdleMs) return;
    if (!downstream.close_if_idle()) return;
    --left;
    metrics_.idle_closed.add();
  });
}

// Each worker frees the part of what must go that it holds of all.
void WorkerShedding::shed_heaviest() {
  const std::uint64_t all = overload_.bytes_to_free();
  if (all == 0) return;
  struct Weighed {
    std::size_t bytes;
    filter::Downstream* downstream;
  };
  std::vector<Weighed> heaviest;
  worker_.each_connection([&](filter::Downstream& downstream) {
    const std::size_t bytes = downstream.closed() ? 0 : downstream.memory();
    if (bytes > 0) heaviest.push_back({bytes, &downstream});
  });
  std::sort(heaviest.begin(), heaviest.end(),
            [](const Weighed& a, const Weighed& b) { return a.bytes > b.bytes; });
  const double part = static_cast<double>(worker_.reactor().memory().held()) /
                      static_cast<double>(overload_.memory().used());
  auto left = static_cast<std::int64_t>(static_cast<double>(all) * std::min(part, 1.0)) + 1;
  for (const Weighed& each : heaviest) {
    if (left <= 0) return;
    left -= static_cast<std::int64_t>(each.bytes);
    each.downstream->shed();
    metrics_.shed.add();
  }
  gave_all_ = left > 0;
}

void WorkerShedding::measure() {
  event::Reactor& reactor = worker_.reactor();
  metrics_.loop_delay_us.set(static_cast<std::int64_t>(delay_.ms() * 1'000));
  longest_round_.add(reactor.loop().take_longest_round_us(), reactor.loop().now());
  metrics_.loop_longest_us.set(static_cast<std::int64_t>(longest_round_.value()));
  metrics_.loop_pressure.set(static_cast<std::int64_t>(delay_.pressure()));
  metrics_.block_bytes.set(static_cast<std::int64_t>(reactor.blocks().bytes_in_use()));
  metrics_.memory_bytes.set(static_cast<std::int64_t>(reactor.memory().held()));
}

}  // namespace weir::server
