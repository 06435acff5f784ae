#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/log_level.h"
#include "core/base/log_output.h"
#include "core/base/log_part.h"

// The operational log: what happens to Weir itself, one line a message:
// "2026-11-22T11:51:09.123Z warning upstream: …" on standard error, unless it was sent elsewhere.
// Any thread. Nobody waits for who reads it: a message that is not taken at once is dropped,
// counted and, if that is not of standard error, said there, once per kLogTroubleInterval.

namespace weir {

inline constexpr std::chrono::seconds kLogTroubleInterval{10};

// Messages of a part below its level are left out; Info at first.
LogLevel log_level(LogPart part);
void set_log_level(LogPart part, LogLevel level);
// Of all parts.
void set_log_level(LogLevel level);
LogLevels log_levels();
void set_log_levels(const LogLevels& levels);

// From here on messages go there.
void set_log_output(LogOutput output);
// After the file was moved away, which is else seen within a second, with the next message.
void reopen_log();
// Since the start: messages that were lost, and how often a message could not be written or a file
// that moved away not be opened again.
std::uint64_t log_lines_dropped();
std::uint64_t log_errors();

// One value of a message. A view: lives as long as the call.
class LogValue {
 public:
  enum class Kind : std::uint8_t { Text, Signed, Unsigned, Real, Bool };

  template <typename T>
  requires std::convertible_to<const T&, std::string_view> LogValue(const T& text)
      : kind_(Kind::Text), text_(text) {}
  LogValue(bool value) : kind_(Kind::Bool), unsigned_(value) {}
  LogValue(std::signed_integral auto value) : kind_(Kind::Signed), signed_(value) {}
  LogValue(std::unsigned_integral auto value) : kind_(Kind::Unsigned), unsigned_(value) {}
  LogValue(std::floating_point auto value) : kind_(Kind::Real), real_(value) {}

  void append_to(std::string& text) const;

 private:
  Kind kind_;
  union {
    std::string_view text_;
    std::int64_t signed_;
    std::uint64_t unsigned_;
    double real_;
  };
};

// The words of a message with a "{}" for each value; a wrong number of them does not compile.
template <typename... Values>
class LogWords {
 public:
  template <typename T>
  requires std::convertible_to<const T&, std::string_view>
  consteval LogWords(const T& words) : words_(words) {
    std::size_t holes = 0;
    for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
      if (words_[i] == '{' && words_[i + 1] == '}') ++holes;
    }
    if (holes != sizeof...(Values)) one_value_for_each_pair_of_braces();
  }
  std::string_view get() const { return words_; }

 private:
  static void one_value_for_each_pair_of_braces() {}  // not constexpr: calling it is the error

  std::string_view words_;
};

// Lets one message of a kind through per interval and counts the others. Any thread.
class LogLimit {
 public:
  using Clock = std::chrono::steady_clock;

  constexpr explicit LogLimit(Clock::duration interval) : interval_(interval.count()) {}

  // How many were held back since the last that was let through; nothing when this one is.
  std::optional<std::uint64_t> allow(Clock::time_point now = Clock::now());

 private:
  Clock::rep interval_;
  std::atomic<Clock::rep> next_{INT64_MIN};
  std::atomic<std::uint64_t> held_back_{0};
};

// Whatever the level: use the functions below.
void write_log(LogLevel level, LogPart part, std::string_view words,
               std::span<const LogValue> values, std::uint64_t held_back = 0);

template <typename... Values>
void log(LogLevel level, LogPart part, LogWords<std::type_identity_t<Values>...> words,
         const Values&... values) {
  if (level < log_level(part)) return;
  const std::array<LogValue, sizeof...(Values)> list{LogValue(values)...};
  write_log(level, part, words.get(), list);
}
// At most one per interval of `limit`; says how many were held back.
template <typename... Values>
void log(LogLimit& limit, LogLevel level, LogPart part,
         LogWords<std::type_identity_t<Values>...> words, const Values&... values) {
  if (level < log_level(part)) return;
  const auto held_back = limit.allow();
  if (!held_back) return;
  const std::array<LogValue, sizeof...(Values)> list{LogValue(values)...};
  write_log(level, part, words.get(), list, *held_back);
}

template <typename... Values>
void log_debug(LogPart part, LogWords<std::type_identity_t<Values>...> words,
               const Values&... values) {
  log<Values...>(LogLevel::Debug, part, words, values...);
}
template <typename... Values>
void log_info(LogPart part, LogWords<std::type_identity_t<Values>...> words,
              const Values&... values) {
  log<Values...>(LogLevel::Info, part, words, values...);
}
template <typename... Values>
void log_warning(LogPart part, LogWords<std::type_identity_t<Values>...> words,
                 const Values&... values) {
  log<Values...>(LogLevel::Warning, part, words, values...);
}
template <typename... Values>
void log_error(LogPart part, LogWords<std::type_identity_t<Values>...> words,
               const Values&... values) {
  log<Values...>(LogLevel::Error, part, words, values...);
}

}  // namespace weir
