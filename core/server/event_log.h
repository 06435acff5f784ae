#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "core/base/log.h"

namespace weir::server {

// Something that happened to Weir, for people who ask later.
struct Event {
  std::uint64_t number = 0;  // 1 is the first of the process
  std::int64_t time_us = 0;  // since 1970
  LogLevel level = LogLevel::Info;
  std::string_view part;
  std::string text;
};

// The last kMost events. Control thread.
class EventLog {
 public:
  static constexpr std::size_t kMost = 1'000;

  // Keeps it with `detail` behind it, and writes it to the operational log without.
  void add(LogLevel level, LogPart part, std::string text, std::string_view detail = {});
  // Keeps it alone: the operational log has it already, or is what it is about.
  void keep(LogLevel level, LogPart part, std::string text);
  const std::deque<Event>& list() const { return events_; }

 private:
  std::deque<Event> events_;
  std::uint64_t last_ = 0;
};

}  // namespace weir::server
