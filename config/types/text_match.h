#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "config/map.h"
#include "config/schema.h"
#include "config/types/pattern.h"
#include "core/route/match.h"

namespace weir::config {

// What a value may be: `x`, or one of `{ prefix: x }`, `{ suffix: x }`, `{ contains: x }`,
// `{ regex: x }`, `{ present: true }`, `{ not: any of these }`.
struct TextMatch {
  std::optional<Located<std::string>> exact;
  std::optional<Located<std::string>> prefix;
  std::optional<Located<std::string>> suffix;
  std::optional<Located<std::string>> contains;
  std::optional<Pattern> regex;
  std::optional<bool> present;
  std::unique_ptr<TextMatch> inverse;
  Position where;

  static constexpr std::string_view type_name = "value match";
  static constexpr ShortForms short_forms{.scalar = "exact"};
  static constexpr auto fields = std::tuple{
      field("exact", &TextMatch::exact, "the whole value").one_of("kind of match"),
      field("prefix", &TextMatch::prefix, "how the value begins").one_of("kind of match"),
      field("suffix", &TextMatch::suffix, "how the value ends").one_of("kind of match"),
      field("contains", &TextMatch::contains, "what the value has in it").one_of("kind of match"),
      field("regex", &TextMatch::regex, "what the whole value matches").one_of("kind of match"),
      field("present", &TextMatch::present, "whether there is a value").one_of("kind of match"),
      field("not", &TextMatch::inverse, "what no value may be").one_of("kind of match")};

  route::TextMatch compiled() const;
};

// Any of several values of each name.
using NamedMatches = Map<std::vector<TextMatch>>;

std::vector<route::TextMatch> compiled(const std::vector<TextMatch>& matches);

}  // namespace weir::config
