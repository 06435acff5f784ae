#pragma once

#include <cstdint>

#include <re2/re2.h>

namespace weir::route {

// The options of every regular expression; `memory` is the limit of the program with its caches.
inline re2::RE2::Options regex_options(std::int64_t memory) {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  options.set_max_mem(memory);
  return options;
}

}  // namespace weir::route
