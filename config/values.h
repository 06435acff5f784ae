#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

// The notations of single values. Every parse function takes the whole text, no space around it;
// the message of its error continues a sentence that begins with the text: "'5' needs a unit: …".
// Numbers have no sign (but integers), no exponent and no separators.
namespace weir::config {

// So many in each period, as they were written: 6000/min is not 100/s when it comes to bursts.
struct Rate {
  std::uint64_t count = 0;
  std::chrono::milliseconds period{1000};

  double per_second() const {
    return static_cast<double>(count) * 1000.0 / static_cast<double>(period.count());
  }
  friend bool operator==(const Rate&, const Rate&) = default;
};

// A number of bytes. Its own type, so that a schema tells it from a count.
struct Size {
  std::uint64_t bytes = 0;

  friend auto operator<=>(const Size&, const Size&) = default;
};

struct Bandwidth {
  std::uint64_t bytes_per_second = 0;

  friend auto operator<=>(const Bandwidth&, const Bandwidth&) = default;
};

constexpr Size operator""_B(unsigned long long count) {
  return {count};
}
constexpr Size operator""_KiB(unsigned long long count) {
  return {count << 10};
}
constexpr Size operator""_MiB(unsigned long long count) {
  return {count << 20};
}

// 0 to 100.
struct Percent {
  double value = 0;

  friend auto operator<=>(const Percent&, const Percent&) = default;
};

// `250ms`, `5s`, `2m`, `1h`, `7d`; a fraction when it comes out as whole milliseconds: `1.5s`. One
// number and one unit. At most 10 years' worth (3650d).
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
// `64B`, `64KiB`, `MiB`, `GiB`, `TiB`; `10kB` (or `KB`), `MB`, `GB`, `TB` in thousands; a fraction
// when it comes out as whole bytes. At most 2^62 bytes.
Result<Size> parse_size(std::string_view text);
// `100/s`, `6000/min`, `10/h`, `1/d`; a whole number from 1.
Result<Rate> parse_rate(std::string_view text);
// `2MB/s`: a size each second, from 1B/s.
Result<Bandwidth> parse_bandwidth(std::string_view text);
// `5`, `0.5` or `5%`, 0 to 100.
Result<Percent> parse_percent(std::string_view text);
// Decimal, with an optional minus.
Result<std::int64_t> parse_integer(std::string_view text);
// A decimal number with an optional minus and fraction.
Result<double> parse_number(std::string_view text);
// `true`, `false`, `on`, `off`.
Result<bool> parse_boolean(std::string_view text);
// Whether a text switches something off, as `off` and `false` do, or on or off. Editors and tools
// of YAML 1.1 make one word of the other.
bool is_off(std::string_view text);
bool is_switch(std::string_view text);
// "0aff": an even number of hexadecimal digits.
Result<std::string> parse_hex(std::string_view text);
// RFC 4648 section 4, with padding.
Result<std::string> parse_base64(std::string_view text);

// The shortest notation that reads back as the same value.
std::string show(std::chrono::milliseconds value);
std::string show(Size value);
std::string show(Rate value);
std::string show(Bandwidth value);
std::string show(Percent value);
std::string show(double value);

}  // namespace weir::config
