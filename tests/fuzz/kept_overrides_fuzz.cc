#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/server/kept_overrides.h"

// What was read from a file is written as it is read again, and is the same then.

using namespace weir;
using namespace weir::server;

namespace {

std::string text_of(const std::vector<Override>& overrides, const Clocks& now) {
  std::vector<const Override*> all;
  for (const Override& each : overrides) all.push_back(&each);
  return to_text(all, now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Clocks now{.loop_ms = 1'000, .wall_us = 1'000'000};
  const auto first =
      parse_overrides(std::string_view(reinterpret_cast<const char*>(data), size), now);
  if (!first) return 0;
  const std::string text = text_of(*first, now);
  const auto second = parse_overrides(text, now);
  WEIR_CHECK(second && second->size() == first->size());
  WEIR_CHECK(text_of(*second, now) == text);
  return 0;
}
