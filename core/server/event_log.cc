#include "core/server/event_log.h"

#include <chrono>
#include <utility>

namespace weir::server {

void EventLog::add(LogLevel level, LogPart part, std::string text, std::string_view detail) {
  log(level, part, "{}", text);
  keep(level, part, text.append(detail));
}

void EventLog::keep(LogLevel level, LogPart part, std::string text) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  events_.push_back({++last_, std::chrono::duration_cast<std::chrono::microseconds>(now).count(),
                     level, part.name(), std::move(text)});
  if (events_.size() > kMost) events_.pop_front();
}

}  // namespace weir::server
