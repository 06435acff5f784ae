#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "config/literal.h"
#include "config/values.h"
#include "core/base/result.h"

// The types that one text of a configuration can be. To add one, specialise Scalar with
//   static constexpr std::string_view word;      "duration"
//   static constexpr std::string_view wanted;    to follow "expected": "a duration such as 5s"
//   static Result<T> parse(std::string_view);    as in values.h
//   static std::string show(const T&);           what parse() reads back
// perhaps, for those who check a value without reading it, as in TypeInfo,
//   static constexpr Literal literal;
//   static constexpr std::string_view pattern;
//   static constexpr std::int64_t least, most;
// and, for range(), an order:
//   static constexpr std::int64_t measure(const T&);
//   static constexpr T of_measure(std::int64_t);
namespace weir::config {

template <typename T>
struct Scalar;

template <>
struct Scalar<std::string> {
  static constexpr std::string_view word = "text";
  static constexpr std::string_view wanted = "text";
  static Result<std::string> parse(std::string_view text) { return std::string(text); }
  static std::string show(const std::string& value) { return value; }
};

template <>
struct Scalar<bool> {
  static constexpr std::string_view word = "boolean";
  static constexpr std::string_view wanted = "true or false";
  static constexpr Literal literal = Literal::Boolean;
  static constexpr std::string_view pattern = "true|false|on|off";
  static Result<bool> parse(std::string_view text) { return parse_boolean(text); }
  static std::string show(bool value) { return value ? "true" : "false"; }
};

// Integers of any width; values beyond the type are out of range, never cut off. Of 64 bits without
// a sign, only the lower half can be written.
template <typename T>
requires(std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>) struct Scalar<T> {
  static constexpr std::string_view word = "integer";
  static constexpr std::string_view wanted = "a whole number";
  static constexpr Literal literal = Literal::Integer;
  static constexpr std::string_view pattern = "-?[0-9]+";
  static constexpr std::int64_t least =
      std::in_range<std::int64_t>(std::numeric_limits<T>::min())
          ? static_cast<std::int64_t>(std::numeric_limits<T>::min())
          : std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t most =
      std::in_range<std::int64_t>(std::numeric_limits<T>::max())
          ? static_cast<std::int64_t>(std::numeric_limits<T>::max())
          : std::numeric_limits<std::int64_t>::max();
  static Result<T> parse(std::string_view text) {
    auto value = parse_integer(text);
    if (!value) return std::move(value).error();
    if (!std::in_range<T>(*value)) return out_of_type();
    return static_cast<T>(*value);
  }
  static std::string show(T value) { return std::to_string(value); }
  static constexpr std::int64_t measure(T value) { return static_cast<std::int64_t>(value); }
  static constexpr T of_measure(std::int64_t measure) { return static_cast<T>(measure); }

 private:
  static Error out_of_type() {
    constexpr auto kMost = std::numeric_limits<T>::max();
    constexpr bool kFits = std::in_range<std::int64_t>(kMost);
    return config_error("must be between " + std::to_string(std::numeric_limits<T>::min()) +
                        " and " +
                        std::to_string(kFits ? static_cast<std::int64_t>(kMost)
                                             : std::numeric_limits<std::int64_t>::max()));
  }
};

template <>
struct Scalar<double> {
  static constexpr std::string_view word = "number";
  static constexpr std::string_view wanted = "a number";
  static constexpr Literal literal = Literal::Number;
  static constexpr std::string_view pattern = "-?[0-9]+(\\.[0-9]+)?";
  static Result<double> parse(std::string_view text) { return parse_number(text); }
  static std::string show(double value) { return config::show(value); }
};

template <>
struct Scalar<std::chrono::milliseconds> {
  static constexpr std::string_view word = "duration";
  static constexpr std::string_view wanted = "a duration such as 250ms, 5s or 2m";
  static constexpr std::string_view pattern = "[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)";
  static Result<std::chrono::milliseconds> parse(std::string_view text) {
    return parse_duration(text);
  }
  static std::string show(std::chrono::milliseconds value) { return config::show(value); }
  static constexpr std::int64_t measure(std::chrono::milliseconds value) { return value.count(); }
  static constexpr std::chrono::milliseconds of_measure(std::int64_t measure) {
    return std::chrono::milliseconds(measure);
  }
};

template <>
struct Scalar<Size> {
  static constexpr std::string_view word = "size";
  static constexpr std::string_view wanted = "a size such as 64KiB or 10MB";
  static constexpr std::string_view pattern = "[0-9]+(\\.[0-9]+)?(B|[kKMGT]B|[KMGT]iB)";
  static Result<Size> parse(std::string_view text) { return parse_size(text); }
  static std::string show(Size value) { return config::show(value); }
  static constexpr std::int64_t measure(Size value) {
    return static_cast<std::int64_t>(value.bytes);
  }
  static constexpr Size of_measure(std::int64_t measure) {
    return {static_cast<std::uint64_t>(measure)};
  }
};

template <>
struct Scalar<Rate> {
  static constexpr std::string_view word = "rate";
  static constexpr std::string_view wanted = "a rate such as 100/s or 6000/min";
  static constexpr std::string_view pattern = "0*[1-9][0-9]*/(s|min|h|d)";
  static Result<Rate> parse(std::string_view text) { return parse_rate(text); }
  static std::string show(Rate value) { return config::show(value); }
};

template <>
struct Scalar<Bandwidth> {
  static constexpr std::string_view word = "bandwidth";
  static constexpr std::string_view wanted = "a bandwidth such as 2MB/s";
  static constexpr std::string_view pattern = "[0-9]+(\\.[0-9]+)?(B|[kKMGT]B|[KMGT]iB)/s";
  static Result<Bandwidth> parse(std::string_view text) { return parse_bandwidth(text); }
  static std::string show(Bandwidth value) { return config::show(value); }
  static constexpr std::int64_t measure(Bandwidth value) {
    return static_cast<std::int64_t>(value.bytes_per_second);
  }
  static constexpr Bandwidth of_measure(std::int64_t measure) {
    return {static_cast<std::uint64_t>(measure)};
  }
};

template <>
struct Scalar<Percent> {
  static constexpr std::string_view word = "percent";
  static constexpr std::string_view wanted = "a percentage such as 5 or 0.5";
  static constexpr Literal literal = Literal::Number;
  static constexpr std::string_view pattern = "0*(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)%?";
  static constexpr std::int64_t least = 0;
  static constexpr std::int64_t most = 100;
  static Result<Percent> parse(std::string_view text) { return parse_percent(text); }
  static std::string show(Percent value) { return config::show(value); }
};

}  // namespace weir::config
