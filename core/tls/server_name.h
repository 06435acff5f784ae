#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::tls {

// The form in which names of SNI are compared: lower case. Nothing when a client cannot send `name`
// there: labels of letters, digits, '-' and '_', without a dot at the end (RFC 6066 section 3).
std::optional<std::string> normal_server_name(std::string_view name);

}  // namespace weir::tls
