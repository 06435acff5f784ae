#include "core/server/overload.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>

#include "core/base/log.h"
#include "core/net/descriptor.h"

namespace weir::server {
namespace {

using std::chrono::seconds;
// By resource and by what it has come to, so that a worse state is never one `more like this`.
LogLimit changes[2][3]{{LogLimit{seconds(1)}, LogLimit{seconds(1)}, LogLimit{seconds(1)}},
                       {LogLimit{seconds(1)}, LogLimit{seconds(1)}, LogLimit{seconds(1)}}};

// For admin pages, name look-ups, and files that are read or opened anew.
constexpr std::uint64_t kSpareDescriptors = 8;
// The part of all descriptors that is for copies of requests.
constexpr std::uint64_t kCopies = 16;
constexpr std::uint64_t kMost = UINT32_MAX / 2;

std::uint64_t count_other_descriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator all("/proc/self/fd", error);
  if (error) return 0;
  // The iterator itself has one.
  const auto count = static_cast<std::uint64_t>(std::distance(begin(all), end(all))) - 1;
  const std::uint64_t own = net::Descriptor::open();
  return count > own ? count - own : 0;
}

}  // namespace

Overload::Overload(std::uint64_t memory, std::uint64_t descriptors)
    : memory_there_is_(memory), descriptors_there_are_(descriptors) {}

void Overload::configure(const OverloadSpec& spec) {
  if (other_descriptors_.load() == 0) other_descriptors_.store(count_other_descriptors());
  memory_.set_limit(spec.memory ? spec.memory->of(memory_there_is_) : MemoryBudget::kNoLimit);
  descriptor_limit_.store(
      spec.descriptors ? spec.descriptors->of(descriptors_there_are_) : kNoLimit,
      std::memory_order_relaxed);
  loop_delay_ms_.store(spec.loop_delay ? spec.loop_delay->count() : 0, std::memory_order_relaxed);
}

std::uint64_t Overload::limit(Resource resource) const {
  return resource == Resource::Memory ? memory_.limit()
                                      : descriptor_limit_.load(std::memory_order_relaxed);
}

std::uint64_t Overload::used(Resource resource) const {
  return resource == Resource::Memory
             ? memory_.used()
             : net::Descriptor::open() + other_descriptors_.load(std::memory_order_relaxed);
}

std::uint64_t Overload::descriptors() const {
  return std::min(limit(Resource::Descriptors), descriptors_there_are_);
}

std::uint32_t Overload::most_copies() const {
  return static_cast<std::uint32_t>(std::min(descriptors() / kCopies, kMost));
}

std::uint32_t Overload::most_clients(std::uint64_t listening) const {
  const std::uint64_t most = descriptors();
  const std::uint64_t taken =
      other_descriptors_.load() + listening + kSpareDescriptors + most_copies();
  const std::uint64_t left = most - most / 20;
  const std::uint64_t pairs = left > taken ? (left - taken) / 2 : 0;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(pairs, 1, kMost));
}

Pressure Overload::judge(Resource resource) {
  std::atomic<Pressure>& pressure = pressures_[static_cast<std::size_t>(resource)];
  Pressure before = pressure.load(std::memory_order_relaxed);
  const std::uint64_t most = limit(resource);
  const Pressure now = most == kNoLimit ? Pressure::None
                                        : pressure_at(static_cast<double>(used(resource)),
                                                      static_cast<double>(most), before);
  if (now != before && pressure.compare_exchange_strong(before, now, std::memory_order_relaxed)) {
    log_change(resource, now);
  }
  note(worst_[static_cast<std::size_t>(resource)], now);
  return now;
}

void Overload::note(std::atomic<Pressure>& worst, Pressure pressure) {
  Pressure before = worst.load(std::memory_order_relaxed);
  while (before < pressure &&
         !worst.compare_exchange_weak(before, pressure, std::memory_order_relaxed)) {
  }
}

Overload::Worst Overload::take_worst() {
  Worst worst;
  for (std::size_t i = 0; i < worst.size(); ++i) {
    worst[i] = worst_[i].exchange(Pressure::None, std::memory_order_relaxed);
  }
  return worst;
}

std::uint64_t Overload::bytes_to_free() const {
  const std::uint64_t most = memory_.limit() - memory_.limit() / 10;
  const std::uint64_t now = memory_.used();
  return now > most ? now - most : 0;
}

void Overload::log_change(Resource resource, Pressure now) const {
  const bool memory = resource == Resource::Memory;
  const std::uint64_t most = limit(resource);
  if (most == kNoLimit) return;  // a reload took it away, and says so
  const std::uint64_t percent = used(resource) * 100 / most;
  const std::string_view unit = memory ? "MiB of memory" : "descriptors";
  const std::uint64_t amount = memory ? most >> 20 : most;
  LogLimit& rarely = changes[memory ? 0 : 1][static_cast<std::size_t>(now)];
  if (now == Pressure::None) {
    log(rarely, LogLevel::Info, "overload", "{} % of {} {} are in use: load is no longer shed",
        percent, amount, unit);
    return;
  }
  log(rarely, LogLevel::Warning, "overload", "{} % of {} {} are in use: {}", percent, amount, unit,
      now == Pressure::High ? std::string_view("what idles is closed")
                            : std::string_view("nothing new is begun"));
}

}  // namespace weir::server
