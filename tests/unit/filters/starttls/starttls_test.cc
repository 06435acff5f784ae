#include "filters/accept/starttls/starttls.h"

#include <vector>

#include <gtest/gtest.h>

#include "filters/accept/starttls/postgres_start.h"
#include "tests/support/unit/chain_rig.h"
#include "tests/unit/core/tls/client_hello_bytes.h"
#include "tests/unit/filters/starttls/postgres_bytes.h"

namespace weir::filters {
namespace {

// A listener with the filter, and chains that tell what they got.
class Listening : public test::ChainRig {
 public:
  Listening() {
    accept.push_back({"starttls", make_postgres_starttls()});
    offer_by_name("orders", "orders.example");
    offer("rest", {});
  }
};

class PostgresStarttls : public testing::Test, protected Listening {};

// What is read comes in pieces of this size.
class PostgresStarttlsInPieces : public testing::TestWithParam<std::size_t> {
 protected:
  // What has come back after each of these.
  static std::string said_to(const std::vector<std::string>& parts) {
    Listening listening;
    listening.pipe.read_limit = GetParam();
    listening.open();
    for (const std::string& part : parts) listening.said(part);
    return listening.pipe.received;
  }
};

const std::string kHello = tls::hello_bytes("orders.example", {"postgresql"});

TEST_P(PostgresStarttlsInPieces, AnswersWhoAsksForTlsAndChoosesByTheServerName) {
  EXPECT_EQ(said_to({kSslRequest, kHello}), "Sorders:" + kHello);
}

TEST_P(PostgresStarttlsInPieces, RefusesGssapiAndGoesOn) {
  EXPECT_EQ(said_to({kGssRequest, kSslRequest, kHello}), "NSorders:" + kHello);
  EXPECT_EQ(said_to({kGssRequest, kStartup}), "Nrest:" + kStartup);
  EXPECT_EQ(said_to({kGssRequest + kStartup}), "Nrest:" + kStartup);
}

TEST_P(PostgresStarttlsInPieces, LetsEverythingElsePassUntouched) {
  for (const std::string& bytes : {kStartup, kCancelRequest, std::string("GET / HTTP/1.1\r\n")}) {
    EXPECT_EQ(said_to({bytes}), "rest:" + bytes);
  }
  EXPECT_EQ(said_to({kHello}), "orders:" + kHello);
}

TEST_P(PostgresStarttlsInPieces, ClosesWhoGoesOnInTheClear) {
  EXPECT_EQ(said_to({kSslRequest, kStartup}), "S");
  EXPECT_EQ(said_to({kSslRequest, kSslRequest}), "S");
}

INSTANTIATE_TEST_SUITE_P(AnySize, PostgresStarttlsInPieces,
                         testing::Values(1, 2, 3, 5, 7, 8, 9, 11, 50, 10'000));

TEST_F(PostgresStarttls, ClosesWhoPutsBytesBehindTheRequest) {
  open();
  EXPECT_EQ(said(kSslRequest + kHello), "");
  EXPECT_TRUE(closed());
}

TEST_F(PostgresStarttls, ClosesWhoAsksForGssapiTwice) {
  open();
  said(kGssRequest);
  said(kGssRequest);
  EXPECT_TRUE(closed());
}

TEST_F(PostgresStarttls, ClosesWhoSaysNothing) {
  open(20);
  wait_for_timeout();
  EXPECT_TRUE(closed());
}

TEST_F(PostgresStarttls, ClosesWhoEndsInTheMiddle) {
  open();
  said(kSslRequest.substr(0, 5));
  pipe.send_fin();
  pipe.run();
  EXPECT_TRUE(closed());
}

TEST(PostgresStart, IsKnownByEightBytes) {
  using Start = PostgresStart;
  const std::string after = "more";
  EXPECT_EQ(parse_postgres_start(kSslRequest + after), Start::SslRequest);
  EXPECT_EQ(parse_postgres_start(kGssRequest + after), Start::GssRequest);
  for (std::size_t size = 0; size < kPostgresRequest; ++size) {
    EXPECT_EQ(parse_postgres_start(kSslRequest.substr(0, size)), Start::Incomplete);
    EXPECT_EQ(parse_postgres_start(kGssRequest.substr(0, size)), Start::Incomplete);
  }
  EXPECT_EQ(parse_postgres_start(kCancelRequest.substr(0, 4)), Start::Other);
  EXPECT_EQ(parse_postgres_start(kStartup), Start::Other);
  EXPECT_EQ(parse_postgres_start(postgres_packet(80877105)), Start::Other);
  EXPECT_EQ(parse_postgres_start("\x16"), Start::Other);
}

}  // namespace
}  // namespace weir::filters
