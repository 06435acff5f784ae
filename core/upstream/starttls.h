#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/buffer.h"
#include "core/net/transport.h"

namespace weir::upstream {

// What a client of Postgres says first when it wants TLS (SSLRequest); the server answers one byte.
inline constexpr std::string_view kPostgresSslRequest("\0\0\0\x08\x04\xd2\x16\x2f", 8);

// Asks an endpoint to go on in TLS, on a connection that was just made. Of Starttls::Postgres.
class StarttlsRequest {
 public:
  enum class Outcome : std::uint8_t { Pending, Accepted, Refused };

  // `first` goes out before it.
  explicit StarttlsRequest(Buffer first);

  // Does what can be done now.
  Outcome advance(net::Transport& transport);
  // The event::Events to wait for after Pending.
  unsigned wants() const;
  // What the endpoint did instead, after Refused.
  std::string_view why() const { return why_; }

 private:
  Outcome read_answer(net::Transport& transport);
  Outcome refused(std::string_view why);

  Buffer output_;
  std::string_view why_;
};

}  // namespace weir::upstream
