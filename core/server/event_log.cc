#include "core/server/event_log.h"

#include <chrono>
#include <utility>

namespace weir::server {

void EventLog::add(LogLevel level, std::string_view part, std::string text) {
  log(level, part, "{}", text);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  events_.push_back({++last_, std::chrono::duration_cast<std::chrono::microseconds>(now).count(),
                     level, std::string(part), std::move(text)});
  if (events_.size() > kMost) events_.pop_front();
}

}  // namespace weir::server
