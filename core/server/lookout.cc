#include "core/server/lookout.h"

#include <utility>

#include "core/server/page_text.h"

namespace weir::server {

Lookout::Lookout(EventLog& events, event::TimerWheel& timers, std::function<Found()> find)
    : events_(events),
      timers_(timers),
      find_(std::move(find)),
      timer_(event::Timer::of<&Lookout::look>(timers, this)) {}

void Lookout::look() {
  timer_.arm(kIntervalMs);
  const Found found = find_();
  for (std::size_t i = 0; i < episodes_.size(); ++i) {
    look_at_pressure(Overload::kCauses[i], episodes_[i], found.worst[i]);
  }
  for (const Found::Lost& lost : found.lost) look_at_log(lost);
}

void Lookout::look_at_pressure(std::string_view cause, Episode& episode, Pressure worst) {
  const std::string of = "overload by " + std::string(cause);
  if (worst == Pressure::None) {
    if (episode.told == Pressure::None || ++episode.calm < kCalm) return;
    const auto lasted = static_cast<std::int64_t>(episode.last_ms - episode.began_ms);
    events_.keep(LogLevel::Info, "overload", of + " has ended, after " + span_text(lasted));
    episode = {};
    return;
  }
  episode.calm = 0;
  episode.last_ms = timers_.now();
  if (worst <= episode.told) return;
  if (episode.told == Pressure::None) episode.began_ms = episode.last_ms - kIntervalMs;
  episode.told = worst;
  events_.keep(LogLevel::Warning, "overload",
               of + (worst == Pressure::High
                         ? " begins: connections are not kept alive"
                         : " is critical: new connections wait and new requests get 503"));
}

void Lookout::look_at_log(const Found::Lost& lost) {
  Told& told = told_[lost.log];
  if (told.rest > 0) --told.rest;
  if (told.rest > 0 || lost.lines == told.lines) return;
  events_.keep(
      LogLevel::Warning, lost.part,
      "lines of the " + lost.log + " were lost: " + std::to_string(lost.lines - told.lines));
  told = {lost.lines, kRest};
}

}  // namespace weir::server
