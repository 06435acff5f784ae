#include "core/http/h2_error.h"

#include <array>
#include <cstddef>

namespace weir::http {

std::string_view h2_error_word(H2Error error) {
  static constexpr std::array<std::string_view, 14> kWords = {
      "none",
      "protocol",
      "internal",
      "flow_control",
      "settings_timeout",
      "stream_closed",
      "frame_size",
      "refused_stream",
      "cancel",
      "compression",
      "connect",
      "enhance_your_calm",
      "inadequate_security",
      "http_1_1_required",
  };
  const auto index = static_cast<std::size_t>(error);
  return index < kWords.size() ? kWords[index] : "unknown";
}

}  // namespace weir::http
