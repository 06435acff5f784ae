#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::tls {

enum class Version : std::uint8_t { Tls12, Tls13 };

enum class Preset : std::uint8_t {
  Intermediate,  // TLS 1.2 and 1.3, with forward secrecy and authenticated encryption only
  Modern,        // TLS 1.3
};

// Which TLS to speak. A list that is empty is the preset's; names are BoringSSL's, those of ciphers
// IANA's too.
struct ProtocolSpec {
  Preset preset = Preset::Intermediate;
  std::optional<Version> min_version;
  std::optional<Version> max_version;
  std::vector<std::string> ciphers;  // of TLS 1.2; those of 1.3 are fixed
  std::vector<std::string> curves;
  std::vector<std::string> signature_algorithms;
};

}  // namespace weir::tls
