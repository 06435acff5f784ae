#pragma once

#include <string>

namespace weir::tls {

// What a PEM file says (RFC 7468). The name is for messages; nobody opens it here.
struct PemText {
  std::string text;
  std::string file;
};

}  // namespace weir::tls
