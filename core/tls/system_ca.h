#pragma once

#include <optional>
#include <string>

namespace weir::tls {

// The file in which this system keeps the authorities that it trusts, as PEM: what SSL_CERT_FILE of
// the environment says, or where a distribution usually has it. None when no such file is there.
std::optional<std::string> system_ca_file();

}  // namespace weir::tls
