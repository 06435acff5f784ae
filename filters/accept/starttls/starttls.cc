#include "filters/accept/starttls/starttls.h"

#include <utility>

#include "core/net/connection.h"
#include "filters/accept/starttls/postgres_start.h"

namespace weir::filters {
namespace {

using filter::Verdict;

class PostgresStarttls final : public filter::AcceptFilter {
 public:
  Verdict on_accept(filter::ConnectionInfo&) override { return Verdict::Pause; }

  Verdict on_peek(filter::ConnectionInfo&, net::Connection& connection) override {
    return tls_begins_ ? see_tls(connection) : see_start(connection);
  }

 private:
  static constexpr char kTlsHandshake = 0x16;

  Verdict see_start(net::Connection& connection) {
    Buffer& input = connection.input();
    switch (parse_postgres_start(input.pull_up(connection.blocks(), kPostgresRequest))) {
      case PostgresStart::Incomplete:
        return Verdict::Pause;
      case PostgresStart::SslRequest:
        // What is there already was not said in TLS: somebody may have put it there.
        if (input.size() > kPostgresRequest) return Verdict::Finish;
        answer(connection, "S");
        tls_begins_ = true;
        return Verdict::Pause;
      case PostgresStart::GssRequest:
        if (std::exchange(gss_refused_, true)) return Verdict::Finish;
        answer(connection, "N");
        return input.empty() ? Verdict::Pause : see_start(connection);
      case PostgresStart::Other:
        break;
    }
    return Verdict::Continue;
  }

  static Verdict see_tls(net::Connection& connection) {
    const std::string_view bytes = connection.input().front();
    if (bytes.empty()) return Verdict::Pause;
    return bytes.front() == kTlsHandshake ? Verdict::Continue : Verdict::Finish;
  }

  static void answer(net::Connection& connection, std::string_view byte) {
    connection.input().consume(kPostgresRequest);
    connection.output().append(Slice::of_static(byte));
  }

  bool tls_begins_ = false;
  bool gss_refused_ = false;
};

class PostgresStarttlsFactory final : public filter::AcceptFilterFactory {
 public:
  std::unique_ptr<filter::AcceptFilter> create(event::Reactor&,
                                               const filter::ConnectionInfo&) const override {
    return std::make_unique<PostgresStarttls>();
  }
};

}  // namespace

std::unique_ptr<filter::AcceptFilterFactory> make_postgres_starttls() {
  return std::make_unique<PostgresStarttlsFactory>();
}

}  // namespace weir::filters
