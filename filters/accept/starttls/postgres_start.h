#pragma once

#include <cstdint>
#include <string_view>

namespace weir::filters {

// What a client of Postgres begins with.
enum class PostgresStart : std::uint8_t {
  Incomplete,  // so far it can be one of the requests
  SslRequest,  // of kPostgresRequest bytes, as is
  GssRequest,  // that one: whether the connection may be encrypted by GSSAPI
  Other        // nothing that is answered before the server sees it
};

inline constexpr std::size_t kPostgresRequest = 8;

// `bytes` are all that came so far.
PostgresStart parse_postgres_start(std::string_view bytes);

}  // namespace weir::filters
