#pragma once

#include <cstdint>
#include <string_view>

namespace weir::http {

// Why a stream or a connection of HTTP/2 ends (RFC 9113 section 7). A peer may send any other
// number too; it means Internal (section 5.4).
enum class H2Error : std::uint32_t {
  None = 0x0,
  Protocol = 0x1,
  Internal = 0x2,
  FlowControl = 0x3,
  SettingsTimeout = 0x4,
  StreamClosed = 0x5,
  FrameSize = 0x6,
  RefusedStream = 0x7,
  Cancel = 0x8,
  Compression = 0x9,
  Connect = 0xa,
  EnhanceYourCalm = 0xb,
  InadequateSecurity = 0xc,
  Http11Required = 0xd,
};

// A short stable word for logs and metrics, such as "flow_control"; a literal. "unknown" for a
// number that is none of these.
std::string_view h2_error_word(H2Error error);

}  // namespace weir::http
