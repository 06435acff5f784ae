#include "core/tls/alpn.h"

namespace weir::tls {

Result<std::vector<std::uint8_t>> alpn_wire(std::span<const std::string> protocols) {
  std::vector<std::uint8_t> wire;
  for (const std::string& protocol : protocols) {
    if (protocol.empty() || protocol.size() > 255) {
      return config_error("`" + protocol + "` is no protocol for ALPN: it has 1 to 255 bytes");
    }
    wire.push_back(static_cast<std::uint8_t>(protocol.size()));
    wire.insert(wire.end(), protocol.begin(), protocol.end());
  }
  if (wire.size() > 0xffff) return config_error("the list of protocols for ALPN is too long");
  return wire;
}

}  // namespace weir::tls
