#include "core/tls/server_name.h"

namespace weir::tls {

std::optional<std::string> normal_server_name(std::string_view name) {
  constexpr std::size_t kMaxName = 253;
  constexpr std::size_t kMaxLabel = 63;
  if (name.empty() || name.size() > kMaxName) return std::nullopt;
  std::string normal(name);
  std::size_t label = 0;
  for (char& c : normal) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '.') {
      if (label == 0) return std::nullopt;
      label = 0;
      continue;
    }
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!fits || ++label > kMaxLabel) return std::nullopt;
  }
  if (label == 0) return std::nullopt;
  return normal;
}

}  // namespace weir::tls
