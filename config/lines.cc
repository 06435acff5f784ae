#include "config/lines.h"

namespace weir::config {

std::string indented(std::string_view text, std::size_t width) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n') + 1;
    out.append(width, ' ') += text.substr(0, end);
    text.remove_prefix(end);
  }
  return out;
}

}  // namespace weir::config
