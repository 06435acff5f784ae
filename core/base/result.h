#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/base/check.h"

namespace weir {

// Whose doing an error is: it decides the status, the log's words and whether a retry makes sense.
enum class ErrorOrigin : unsigned char { Client, Upstream, Internal, Config, System };

// What is wrong, for a person: the message says what happened and what to do about it.
struct Error {
  ErrorOrigin origin = ErrorOrigin::Internal;
  std::string message;
  int code = 0;  // errno of a system error
};

inline Error config_error(std::string message) {
  return {ErrorOrigin::Config, std::move(message), 0};
}

// An error of the operating system: `what` failed with errno `code`.
Error system_error(std::string what, int code);

// A value or the error that took its place. The member names are those of std::expected (C++23),
// so that it can take over one day. Reading the one that is not there ends the process.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    WEIR_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    WEIR_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    WEIR_CHECK(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    WEIR_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    WEIR_CHECK(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  template <typename U>
  T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  const Error& error() const& {
    WEIR_CHECK(error_.has_value());
    return *error_;
  }
  Error&& error() && {
    WEIR_CHECK(error_.has_value());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace weir

#define WEIR_CONCAT_INNER(a, b) a##b
#define WEIR_CONCAT(a, b) WEIR_CONCAT_INNER(a, b)

// WEIR_TRY(name, expression): declares `name` with the value, or returns the error from here.
#define WEIR_TRY(name, ...)                                     \
  auto WEIR_CONCAT(weir_try_, __LINE__) = (__VA_ARGS__);        \
  if (!WEIR_CONCAT(weir_try_, __LINE__))                        \
    return std::move(WEIR_CONCAT(weir_try_, __LINE__)).error(); \
  auto name = std::move(WEIR_CONCAT(weir_try_, __LINE__)).value()

// WEIR_TRY_VOID(expression): the same for a Result<void>.
#define WEIR_TRY_VOID(...)                                           \
  do {                                                               \
    auto weir_try_result = (__VA_ARGS__);                            \
    if (!weir_try_result) return std::move(weir_try_result).error(); \
  } while (false)
