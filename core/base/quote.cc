#include "core/base/quote.h"

namespace weir {

std::string clipped(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most)) + "…";
}

std::string quote(std::string_view text) {
  return "'" + clipped(text) + "'";
}

}  // namespace weir
