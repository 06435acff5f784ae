#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/merge.h"
#include "core/filter/registry.h"

namespace weir::config {

// Where a type of filter may stand.
enum class FilterPlace : std::uint8_t {
  Accept,
  Network,
  NetworkTerminal,
  Codec,
  Http,
  HttpTerminal
};

FilterPlace place_of(const filter::FilterType& type);

// The filters that a configuration may name.
class FilterTypes {
 public:
  explicit FilterTypes(std::span<const filter::FilterType> types) : types_(types) {}

  bool known(std::string_view name) const;
  // The type of that name for that place, or null.
  const filter::FilterType* find(std::string_view name, FilterPlace place) const;
  // Whether one of that name cannot do with defaults alone.
  bool needs_settings(std::string_view name) const;
  // What merging layers needs to know of them.
  FilterSchema schema() const;
  // What a message says of a name that is no filter: "there is no filter 'x', did you mean 'y'?".
  // `beside` may have been meant too.
  std::string unknown(std::string_view name, std::span<const std::string_view> beside = {}) const;

 private:
  std::span<const filter::FilterType> types_;
};

}  // namespace weir::config
