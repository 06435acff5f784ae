#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/arena.h"
#include "core/http/parse_error.h"

namespace weir::http {

// What to do with %2F, %5C and a backslash, which some origins read as a slash.
enum class EscapedSlash : std::uint8_t { Reject, Keep };

struct PathOptions {
  bool merge_slashes = true;
  EscapedSlash escaped_slash = EscapedSlash::Reject;
};

struct NormalPath {
  std::string_view path;
  const ParseError* error = nullptr;  // null when `path` is valid
};

// The one spelling of an absolute path (RFC 3986 section 6.2.2): unreserved characters are not
// escaped, the hex of other escapes is in upper case, dot segments (escaped ones too) are resolved,
// and repeated slashes are merged. Refused: a path that does not begin with a slash, climbs above
// the root, or has a bad escape, %00, a control character, a "?" or "#", or a byte that is not
// ASCII. "*" is left alone. The result is `path` itself when nothing changes, else a copy in
// `arena`. Normalising twice is the same as once.
NormalPath normalize_path(std::string_view path, const PathOptions& options, Arena& arena);

}  // namespace weir::http
