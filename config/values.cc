#include "config/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <system_error>

namespace weir::config {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// From small to large; of two names, the second is shown.
constexpr std::array kDurationUnits = {Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                       Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
constexpr std::array kSizeUnits = {
    Unit{"B", 1},
    Unit{"KB", 1000},
    Unit{"kB", 1000},
    Unit{"KiB", 1ull << 10},
    Unit{"MB", 1'000'000},
    Unit{"MiB", 1ull << 20},
    Unit{"GB", 1'000'000'000},
    Unit{"GiB", 1ull << 30},
    Unit{"TB", 1'000'000'000'000},
    Unit{"TiB", 1ull << 40},
};
constexpr std::array kPeriods = {Unit{"s", 1000}, Unit{"min", 60'000}, Unit{"h", 3'600'000},
                                 Unit{"d", 86'400'000}};

constexpr std::uint64_t kMostMilliseconds = 3650ull * 86'400'000;
constexpr std::uint64_t kMostBytes = 1ull << 62;

constexpr std::string_view kDurationWords = "ms, s, m, h or d";
constexpr std::string_view kSizeWords = "B, KiB, MiB, GiB, TiB, or kB, MB, GB, TB";
constexpr std::string_view kPeriodWords = "/s, /min, /h or /d";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Error wrong(std::string message) {
  return config_error(std::move(message));
}

Error wrong(std::string_view first, std::string_view second) {
  return wrong(std::string(first) + std::string(second));
}

// A decimal number as digits / 10^decimals, and what follows it.
struct Number {
  std::uint64_t digits = 0;
  std::uint64_t scale = 1;
  std::string_view rest;
};

// A number has digits and at most one point between digits; too many digits are no number.
std::optional<Number> split_number(std::string_view text) {
  Number number;
  bool fraction = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !fraction && i > 0 && i + 1 < text.size() && is_digit(text[i + 1])) {
      fraction = true;
      continue;
    }
    if (!is_digit(text[i])) break;
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / 10 - 1;
    if (number.digits > kMost || number.scale > kMost) return std::nullopt;
    number.digits = number.digits * 10 + static_cast<std::uint64_t>(text[i] - '0');
    if (fraction) number.scale *= 10;
  }
  if (i == 0) return std::nullopt;
  number.rest = text.substr(i);
  return number;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// What is wrong with a value that `parse` takes without the blanks in it; none stood between
// digits.
template <typename T>
std::optional<Error> against_blanks(std::string_view text, Result<T> (*parse)(std::string_view)) {
  constexpr std::string_view kBlanks = " \t";
  if (text.find_first_of(kBlanks) == text.npos) return std::nullopt;
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kBlanks.find(text[i]) != kBlanks.npos) continue;
    const bool apart = i > 0 && kBlanks.find(text[i - 1]) != kBlanks.npos;
    if (apart && !value.empty() && is_digit(value.back()) && is_digit(text[i])) return std::nullopt;
    value += text[i];
  }
  if (!parse(value)) return std::nullopt;
  return wrong("has a space in it: write ", value);
}

// `text` as number and unit, in the smallest unit. `what` is "duration".
Result<std::uint64_t> parse_amount(std::string_view text, std::span<const Unit> units,
                                   std::string_view what, std::string_view words,
                                   std::uint64_t most) {
  const std::string no_such =
      "is not a " + std::string(what) + ": write a number and a unit (" + std::string(words) + ")";
  if (text.starts_with('-')) return wrong("is negative");
  const auto number = split_number(text);
  if (!number) {
    return wrong(all_digits(text.substr(0, 1)) ? "is out of range" : no_such);
  }
  if (number->rest.empty()) return wrong("needs a unit: ", words);
  const Unit* unit = find_unit(units, number->rest);
  if (unit == nullptr) {
    if (std::any_of(number->rest.begin(), number->rest.end(), is_digit)) return wrong(no_such);
    return wrong("has an unknown unit: use ", words);
  }
  std::uint64_t amount = 0;
  if (__builtin_mul_overflow(number->digits, unit->factor, &amount))
    return wrong("is out of range");
  if (amount % number->scale != 0) {
    return wrong("is finer than one ", units.front().name);
  }
  if (amount / number->scale > most) return wrong("is out of range");
  return amount / number->scale;
}

std::string show_amount(std::uint64_t amount, std::span<const Unit> units) {
  const Unit* best = &units.front();
  if (amount != 0) {
    for (const Unit& unit : units) {
      if (amount % unit.factor == 0 && unit.factor >= best->factor) best = &unit;
    }
  }
  return std::to_string(amount / best->factor) + std::string(best->name);
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (auto error = against_blanks(text, &parse_duration)) return *std::move(error);
  WEIR_TRY(amount,
           parse_amount(text, kDurationUnits, "duration", kDurationWords, kMostMilliseconds));
  return std::chrono::milliseconds(static_cast<std::int64_t>(amount));
}

Result<Size> parse_size(std::string_view text) {
  if (auto error = against_blanks(text, &parse_size)) return *std::move(error);
  WEIR_TRY(amount, parse_amount(text, kSizeUnits, "size", kSizeWords, kMostBytes));
  return Size{amount};
}

Result<Rate> parse_rate(std::string_view text) {
  if (auto error = against_blanks(text, &parse_rate)) return *std::move(error);
  const std::size_t slash = text.find('/');
  const std::string_view count = text.substr(0, slash);
  if (count.starts_with('-')) return wrong("is negative");
  if (!all_digits(count)) return wrong("is not a rate: write a whole number and ", kPeriodWords);
  if (slash == std::string_view::npos) return wrong("needs a unit: ", kPeriodWords);
  const Unit* period = find_unit(kPeriods, text.substr(slash + 1));
  if (period == nullptr) return wrong("has an unknown unit: use ", kPeriodWords);
  auto value = parse_integer(count);
  if (!value) return wrong("is out of range");
  if (*value == 0) return wrong("is out of range: a rate is at least 1");
  return Rate{static_cast<std::uint64_t>(*value), std::chrono::milliseconds(period->factor)};
}

Result<Bandwidth> parse_bandwidth(std::string_view text) {
  if (auto error = against_blanks(text, &parse_bandwidth)) return *std::move(error);
  constexpr std::string_view kHint = "a size each second, such as 2MB/s";
  if (all_digits(text)) return wrong("needs a unit: ", kHint);
  if (!text.ends_with("/s")) return wrong("is not a bandwidth: write ", kHint);
  auto size = parse_size(text.substr(0, text.size() - 2));
  if (!size) return std::move(size).error();
  if (size->bytes == 0) return wrong("is out of range: a bandwidth is at least 1B/s");
  return Bandwidth{size->bytes};
}

Result<Percent> parse_percent(std::string_view text) {
  if (auto error = against_blanks(text, &parse_percent)) return *std::move(error);
  if (text.starts_with('-')) return wrong("is not between 0 and 100");
  const auto number = split_number(text);
  if (!number || (!number->rest.empty() && number->rest != "%")) {
    return wrong("is not a percentage: write 5 or 0.5");
  }
  const double value = static_cast<double>(number->digits) / static_cast<double>(number->scale);
  if (value > 100) return wrong("is not between 0 and 100");
  return Percent{value};
}

Result<std::int64_t> parse_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (!all_digits(digits)) return wrong("is not a whole number");
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return wrong("is out of range");
  return value;
}

Result<double> parse_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto number = split_number(negative ? text.substr(1) : text);
  if (!number || !number->rest.empty()) return wrong("is not a number");
  const double value = static_cast<double>(number->digits) / static_cast<double>(number->scale);
  return negative ? -value : value;
}

Result<bool> parse_boolean(std::string_view text) {
  if (!is_switch(text)) return wrong("is neither true nor false");
  return !is_off(text);
}

bool is_off(std::string_view text) {
  return text == "off" || text == "false";
}

bool is_switch(std::string_view text) {
  return is_off(text) || text == "on" || text == "true";
}

Result<std::string> parse_hex(std::string_view text) {
  std::string bytes;
  if (text.size() % 2 != 0) return wrong("has an odd number of hexadecimal digits");
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return wrong("is not hexadecimal");
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

Result<std::string> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return wrong("is not base64: its length is no multiple of 4");
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::uint32_t bits = 0;
  std::uint32_t held = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return wrong("is not base64");
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xFF);
    }
  }
  if ((bits & ((1u << held) - 1)) != 0) return wrong("is not base64: its last digit says too much");
  return bytes;
}

std::string show(std::chrono::milliseconds value) {
  return show_amount(static_cast<std::uint64_t>(value.count()), kDurationUnits);
}

std::string show(Size value) {
  return show_amount(value.bytes, kSizeUnits);
}

std::string show(Rate value) {
  std::string text = std::to_string(value.count) + '/';
  for (const Unit& period : kPeriods) {
    if (period.factor == static_cast<std::uint64_t>(value.period.count())) text += period.name;
  }
  return text;
}

std::string show(Bandwidth value) {
  return show(Size{value.bytes_per_second}) + "/s";
}

std::string show(Percent value) {
  return show(value.value);
}

std::string show(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), end.ptr);
}

}  // namespace weir::config
