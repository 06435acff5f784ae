#include "core/base/log.h"

#include <charconv>
#include <mutex>
#include <utility>

namespace weir {
namespace {

constexpr std::array<std::string_view, 6> kLevels{"trace",   "debug", "info",
                                                  "warning", "error", "off"};

struct AtomicLevel {
  std::atomic<LogLevel> value{LogLevel::Info};
};
std::array<AtomicLevel, LogPart::kNames.size()> levels;

std::atomic<std::uint64_t> dropped{0};
std::atomic<std::uint64_t> errors{0};

struct Log {
  std::mutex mutex;
  LogOutput output;
  std::optional<LogLimit> trouble_limit{kLogTroubleInterval};  // anew for each output
};

Log& the_log() {
  // Never destroyed: threads and destructors may speak until the very end.
  static Log& only = *new Log;
  return only;
}

// Counts it, and says it where it can still be read.
void say_trouble(Log& log, const std::string& trouble) {
  errors.fetch_add(1, std::memory_order_relaxed);
  if (log_level("log") > LogLevel::Error) return;
  const auto held_back = log.trouble_limit->allow();
  if (!held_back) return;
  const std::string text =
      "the log " + trouble + "; lines lost so far: " + std::to_string(log_lines_dropped());
  // If it is standard error that has the trouble, the counter is all there is.
  (void)LogOutput().write({LogLevel::Error, "log", text, *held_back});
}

template <typename Number>
void append_number(std::string& to, Number number) {
  char digits[32];
  to.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

std::string_view to_string(LogLevel level) {
  return kLevels[static_cast<std::size_t>(level)];
}

std::optional<LogLevel> log_level_of(std::string_view name) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i] == name) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

LogLevel log_level(LogPart part) {
  return levels[part.index()].value.load(std::memory_order_relaxed);
}
void set_log_level(LogPart part, LogLevel level) {
  levels[part.index()].value.store(level, std::memory_order_relaxed);
}
void set_log_level(LogLevel level) {
  for (AtomicLevel& each : levels) each.value.store(level, std::memory_order_relaxed);
}
LogLevels log_levels() {
  LogLevels all;
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = levels[i].value.load();
  return all;
}
void set_log_levels(const LogLevels& all) {
  for (std::size_t i = 0; i < all.size(); ++i) levels[i].value.store(all[i]);
}
std::uint64_t log_lines_dropped() {
  return dropped.load(std::memory_order_relaxed);
}
std::uint64_t log_errors() {
  return errors.load(std::memory_order_relaxed);
}

void set_log_output(LogOutput output) {
  Log& log = the_log();
  const std::lock_guard lock(log.mutex);
  log.output = std::move(output);
  log.trouble_limit.emplace(kLogTroubleInterval);
}

void reopen_log() {
  Log& log = the_log();
  const std::lock_guard lock(log.mutex);
  if (const auto reopened = log.output.reopen(); !reopened) {
    say_trouble(log, "stays open where it was: " + reopened.error().message);
  }
}

void LogValue::append_to(std::string& text) const {
  switch (kind_) {
    case Kind::Text:
      text += text_;
      return;
    case Kind::Signed:
      append_number(text, signed_);
      return;
    case Kind::Unsigned:
      append_number(text, unsigned_);
      return;
    case Kind::Real:
      append_number(text, real_);
      return;
    case Kind::Bool:
      text += unsigned_ != 0 ? "true" : "false";
      return;
  }
}

std::optional<std::uint64_t> LogLimit::allow(Clock::time_point now) {
  const Clock::rep at = now.time_since_epoch().count();
  Clock::rep next = next_.load(std::memory_order_relaxed);
  if (at < next || !next_.compare_exchange_strong(next, at + interval_)) {
    held_back_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  return held_back_.exchange(0, std::memory_order_relaxed);
}

void write_log(LogLevel level, LogPart part, std::string_view words,
               std::span<const LogValue> values, std::uint64_t held_back) {
  std::string text;
  for (const LogValue& value : values) {
    const std::size_t hole = words.find("{}");
    text += words.substr(0, hole);
    value.append_to(text);
    words.remove_prefix(hole + 2);
  }
  text += words;
  Log& log = the_log();
  const std::lock_guard lock(log.mutex);
  if (const auto followed = log.output.follow(); !followed) {
    say_trouble(log, "stays open where it was: " + followed.error().message);
  }
  if (const auto written = log.output.write({level, part, text, held_back}); !written) {
    dropped.fetch_add(1, std::memory_order_relaxed);
    say_trouble(log, written.error().message);
  }
}

}  // namespace weir
