#include "core/http/date.h"

#include <cstring>

namespace weir::http {
namespace {

constexpr std::string_view kDays = "ThuFriSatSunMonTueWed";  // 1970-01-01 was a Thursday
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

void put_number(char* to, unsigned number, int digits) {
  for (int i = digits - 1; i >= 0; --i, number /= 10) {
    to[i] = static_cast<char>('0' + number % 10);
  }
}

constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

std::string_view format_date(std::int64_t unix_seconds, DateText& text) {
  const std::int64_t days = floor_divide(unix_seconds, 86400);
  const auto second = static_cast<unsigned>(unix_seconds - days * 86400);
  const auto weekday = static_cast<unsigned>(days - floor_divide(days, 7) * 7);

  // Years begin in March, so that a leap day is the last of one; eras have 400 of them.
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floor_divide(shifted, 146097);
  const auto day_of_era = static_cast<unsigned>(shifted - era * 146097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned march_month = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * march_month + 2) / 5 + 1;
  const unsigned month = (march_month + 2) % 12;
  const auto year =
      static_cast<unsigned>(era * 400 + static_cast<std::int64_t>(year_of_era) + (month < 2));

  std::memcpy(text.data(), "ddd, 00 mmm 0000 00:00:00 GMT", text.size());
  std::memcpy(text.data(), kDays.data() + weekday * 3, 3);
  put_number(text.data() + 5, day, 2);
  std::memcpy(text.data() + 8, kMonths.data() + month * 3, 3);
  put_number(text.data() + 12, year, 4);
  put_number(text.data() + 17, second / 3600, 2);
  put_number(text.data() + 20, second / 60 % 60, 2);
  put_number(text.data() + 23, second % 60, 2);
  return {text.data(), text.size()};
}

}  // namespace weir::http
