#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/check.h"
#include "core/http/path.h"

// The first byte chooses the options. A normal path is absolute, holds nothing that two origins
// could read differently, and stays as it is when normalised again.

using namespace weir;
using namespace weir::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const PathOptions options{
      .merge_slashes = (data[0] & 1) == 0,
      .escaped_slash = (data[0] & 2) == 0 ? EscapedSlash::Reject : EscapedSlash::Keep};
  const std::string_view path(reinterpret_cast<const char*>(data) + 1, size - 1);
  Arena arena;
  const NormalPath once = normalize_path(path, options, arena);
  if (once.error != nullptr || once.path == "*") return 0;
  WEIR_CHECK(once.path.size() <= path.size() && once.path.starts_with('/'));
  WEIR_CHECK(once.path != path || once.path.data() == path.data());
  for (std::string_view part : {"/../", "/./", "\\", "%00", "%2e", "%2E", "?", "#"}) {
    WEIR_CHECK(once.path.find(part) == std::string_view::npos);
  }
  WEIR_CHECK(!once.path.ends_with("/..") && !once.path.ends_with("/."));
  WEIR_CHECK(!options.merge_slashes || once.path.find("//") == std::string_view::npos);
  if (options.escaped_slash == EscapedSlash::Reject) {
    WEIR_CHECK(once.path.find("%2F") == std::string_view::npos);
    WEIR_CHECK(once.path.find("%5C") == std::string_view::npos);
  }
  const NormalPath twice = normalize_path(once.path, options, arena);
  WEIR_CHECK(twice.error == nullptr && twice.path.data() == once.path.data());
  return 0;
}
