#pragma once

#include <string>
#include <string_view>

struct ssl_st;

namespace weir::tls {

// What a context remembers of a connection that it made, beside what BoringSSL does.
struct ConnectionNotes {
  std::string_view refusal;  // why the peer's certificate was not believed; a literal
  std::string host;          // whose certificate the server must show
  std::string session_key;   // where sessions are kept
};

// They live as long as the connection, and are made where they are first asked for.
ConnectionNotes& notes_of(ssl_st& connection);
// The same, or null when nobody has noted anything.
const ConnectionNotes* find_notes(const ssl_st& connection);

}  // namespace weir::tls
