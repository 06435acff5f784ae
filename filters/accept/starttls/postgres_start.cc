#include "filters/accept/starttls/postgres_start.h"

#include "core/upstream/starttls.h"

namespace weir::filters {

// Its length and a code, which differ in the last byte alone.
PostgresStart parse_postgres_start(std::string_view bytes) {
  constexpr std::string_view kSsl = upstream::kPostgresSslRequest;
  constexpr char kGssCode = 0x30;
  static_assert(kSsl.size() == kPostgresRequest);
  const std::string_view start = bytes.substr(0, kPostgresRequest);
  if (start == kSsl) return PostgresStart::SslRequest;
  if (start.size() < kPostgresRequest) {
    return kSsl.starts_with(start) ? PostgresStart::Incomplete : PostgresStart::Other;
  }
  const std::size_t last = kPostgresRequest - 1;
  const bool is_gss = start.substr(0, last) == kSsl.substr(0, last) && start[last] == kGssCode;
  return is_gss ? PostgresStart::GssRequest : PostgresStart::Other;
}

}  // namespace weir::filters
