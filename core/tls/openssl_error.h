#pragma once

#include <string>

namespace weir::tls {

// What BoringSSL complained of last on this thread, in its words; empties its queue.
std::string take_openssl_error();

}  // namespace weir::tls
