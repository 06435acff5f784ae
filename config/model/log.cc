#include "config/model/log.h"

#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::config::model {

bool Log::check_values(Reading& reading) const {
  bool ok = true;
  const auto step = reading.enter("levels");
  for (const Named<LogLevel>& each : levels) {
    if (LogPart::find(each.name)) continue;
    std::string meant = did_you_mean(each.name, LogPart::kNames);
    if (meant.empty()) meant = "; there are " + join_or(LogPart::kNames);
    ok = reading.error(each.where, "no part of Weir is called " + quote(each.name) + meant);
  }
  return ok;
}

bool Log::check(const Node& node, Reading& reading) const {
  const Node* written = node.find("format");
  const bool elsewhere = node.find("path") != nullptr || node.find("stderr") != nullptr;
  if (!journald || elsewhere || written == nullptr) return true;
  return reading.error_below("format", written->where(),
                             "means nothing with journald, which has fields of its own");
}

LogLevels Log::compiled_levels() const {
  LogLevels all;
  all.fill(level);
  for (const Named<LogLevel>& each : levels) {
    if (const auto part = LogPart::find(each.name)) all[part->index()] = each.value;
  }
  return all;
}

}  // namespace weir::config::model
