#include "core/base/log.h"

#include <charconv>
#include <memory>
#include <mutex>

#include <poll.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {
namespace {

constexpr std::array<std::string_view, 6> kLevels{"trace",   "debug", "info",
                                                  "warning", "error", "off"};

std::atomic<LogLevel> least_level{LogLevel::Info};
std::atomic<std::uint64_t> dropped{0};

// Standard error, without ever waiting for it. A pipe that poll() calls writable takes PIPE_BUF
// (kMaxLogLine) bytes at once.
class StandardError final : public spdlog::sinks::base_sink<std::mutex> {
  void sink_it_(const spdlog::details::log_msg& message) override {
    line_.clear();
    formatter_->format(message, line_);
    if (line_.size() > kMaxLogLine) {
      line_.resize(kMaxLogLine);
      line_[kMaxLogLine - 1] = '\n';
    }
    pollfd ready{STDERR_FILENO, POLLOUT, 0};
    if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0 ||
        write(STDERR_FILENO, line_.data(), line_.size()) < 0) {
      dropped.fetch_add(1, std::memory_order_relaxed);
    }
  }
  void flush_() override {}

  spdlog::memory_buf_t line_;
};

spdlog::logger& logger() {
  // Never destroyed: threads and destructors may speak until the very end.
  static spdlog::logger& only = []() -> spdlog::logger& {
    auto* made = new spdlog::logger("weir", std::make_shared<StandardError>());
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
    made->set_level(spdlog::level::trace);
    return *made;
  }();
  return only;
}

void append_escaped(std::string& to, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      to += c;
    } else if (c == '\n') {
      to += "\\n";
    } else {
      constexpr std::string_view kHex = "0123456789abcdef";
      to += "\\x";
      to += kHex[byte >> 4];
      to += kHex[byte & 15];
    }
  }
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

void set_log_level(LogLevel level) {
  least_level.store(level, std::memory_order_relaxed);
}
LogLevel log_level() {
  return least_level.load(std::memory_order_relaxed);
}
std::uint64_t log_lines_dropped() {
  return dropped.load(std::memory_order_relaxed);
}

void LogValue::append_to(std::string& text) const {
  switch (kind_) {
    case Kind::Text:
      append_escaped(text, text_);
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

void write_log(LogLevel level, std::string_view part, std::string_view words,
               std::span<const LogValue> values, std::uint64_t held_back) {
  std::string text(part);
  text += ": ";
  for (const LogValue& value : values) {
    const std::size_t hole = words.find("{}");
    append_escaped(text, words.substr(0, hole));
    value.append_to(text);
    words.remove_prefix(hole + 2);
  }
  append_escaped(text, words);
  if (held_back > 0) {
    text += " (and ";
    append_number(text, held_back);
    text += " more like this)";
  }
  logger().log(static_cast<spdlog::level::level_enum>(level), std::string_view(text));
}

}  // namespace weir
