#include "core/server/log_format_time.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace weir::server {
namespace {

void write_digits(char* to, unsigned number, unsigned digits) {
  for (; digits > 0; number /= 10) to[--digits] = static_cast<char>('0' + number % 10);
}

}  // namespace

char* LogTime::append(char* to, std::int64_t us) {
  constexpr std::int64_t kLast = 253'402'300'799'999'999;
  us = std::clamp<std::int64_t>(us, 0, kLast);
  const std::int64_t second = us / 1'000'000;
  if (second != second_) write_second(second);
  std::memcpy(to, text_.data(), text_.size());
  write_digits(to + text_.size(), static_cast<unsigned>(us % 1'000'000), 6);
  to[kSize - 1] = 'Z';
  return to + kSize;
}

void LogTime::write_second(std::int64_t second) {
  using namespace std::chrono;
  second_ = second;
  const sys_seconds time{seconds(second)};
  const sys_days day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  const auto field = [this](std::size_t at, unsigned number, unsigned digits, char after) {
    write_digits(text_.data() + at, number, digits);
    text_[at + digits] = after;
  };
  field(0, static_cast<unsigned>(int{date.year()}), 4, '-');
  field(5, unsigned{date.month()}, 2, '-');
  field(8, unsigned{date.day()}, 2, 'T');
  field(11, static_cast<unsigned>(clock.hours().count()), 2, ':');
  field(14, static_cast<unsigned>(clock.minutes().count()), 2, ':');
  field(17, static_cast<unsigned>(clock.seconds().count()), 2, '.');
}

}  // namespace weir::server
