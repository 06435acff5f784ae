#include "core/route/regex.h"

#include "core/base/quote.h"
#include "core/route/regex_options.h"

namespace weir::route {
namespace {

constexpr std::int64_t kMemory = 1 << 20;

}  // namespace

Result<Regex> Regex::compile(std::string_view pattern) {
  auto re2 = std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()),
                                              regex_options(kMemory));
  if (!re2->ok()) {
    return config_error("the regular expression \"" + clipped(pattern) +
                        "\" is not valid: " + clipped(re2->error()));
  }
  return Regex(std::move(re2));
}

bool Regex::matches(std::string_view text) const {
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *re2_);
}

const std::string& Regex::pattern() const {
  return re2_->pattern();
}

}  // namespace weir::route
