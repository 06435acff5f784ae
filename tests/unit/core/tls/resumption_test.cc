#include <gtest/gtest.h>

#include "tests/unit/core/tls/tls_pair.h"

namespace weir::tls {
namespace {

using test::TestCertificate;

class ResumptionTest : public test::TlsPairTest {
 protected:
  void only(Version version) {
    client_spec.protocol.min_version = client_spec.protocol.max_version = version;
    configure();
  }
  // A connection on which tickets come; whether it resumed an earlier one.
  bool resumed() {
    meet();
    EXPECT_TRUE(server->handshake && client->handshake) << server->reason() << client->reason();
    if (!server->handshake || !client->handshake) return false;
    EXPECT_EQ(server->handshake->resumed, client->handshake->resumed);
    talk();
    return server->handshake->resumed;
  }
  // Replaces the server's half, as a reload does.
  void reload(std::string_view name = "listener") {
    server_context = test::server_of(server_spec, keys, name);
  }
  void require(const TestCertificate& of_client) {
    server_spec.client_certificates = ClientCertificates::Require;
    server_spec.client_trust.ca = {root.certificate(), "clients.crt"};
    client_spec.certificate = test::spec_of(of_client);
  }
  static constexpr Version kBoth[] = {Version::Tls12, Version::Tls13};
};

TEST_F(ResumptionTest, SavesTheCertificates) {
  for (const Version version : kBoth) {
    only(version);
    EXPECT_FALSE(resumed());
    EXPECT_TRUE(resumed());
    EXPECT_TRUE(resumed());
    EXPECT_EQ(client->handshake->peer->subject, "CN=server");
  }
}

TEST_F(ResumptionTest, OutlivesAReload) {
  for (const Version version : kBoth) {
    only(version);
    EXPECT_FALSE(resumed());
    reload();
    EXPECT_TRUE(resumed());
    server_spec.alpn = {"h2"};
    reload();
    EXPECT_TRUE(resumed());
    server_spec.alpn.clear();
  }
}

TEST_F(ResumptionTest, StaysWithinOneName) {
  for (const Version version : kBoth) {
    only(version);
    EXPECT_FALSE(resumed());
    reload("another listener");
    EXPECT_FALSE(resumed());
  }
}

TEST_F(ResumptionTest, CanBeSwitchedOff) {
  server_spec.tickets = false;
  for (const Version version : kBoth) {
    only(version);
    EXPECT_FALSE(resumed());
    EXPECT_FALSE(resumed());
  }
  server_spec.tickets = true;
  client_spec.reuse_sessions = false;
  only(Version::Tls13);
  EXPECT_FALSE(resumed());
  EXPECT_FALSE(resumed());
}

TEST_F(ResumptionTest, KeepsWhoTheClientIs) {
  require(root.issue({.common_name = "alice"}));
  for (const Version version : kBoth) {
    only(version);
    EXPECT_FALSE(resumed());
    EXPECT_TRUE(resumed());
    ASSERT_TRUE(server->handshake->peer);
    EXPECT_EQ(server->handshake->peer->subject, "CN=alice");
  }
}

TEST_F(ResumptionTest, OpensNothingThatRequiresCertificatesWithoutOne) {
  for (const Version version : kBoth) {
    server_spec.client_certificates = ClientCertificates::None;
    only(version);
    EXPECT_FALSE(resumed());
    EXPECT_TRUE(resumed());
    server_spec.client_certificates = ClientCertificates::Require;
    server_spec.client_trust.ca = {root.certificate(), "clients.crt"};
    reload();
    meet();
    EXPECT_EQ(server->reason(), "certificate_required");
    // Nor with a certificate that was optional, and not shown.
    server_spec.client_certificates = ClientCertificates::Optional;
    reload();
    EXPECT_FALSE(resumed());
    server_spec.client_certificates = ClientCertificates::Require;
    reload();
    meet();
    EXPECT_EQ(server->reason(), "certificate_required");
  }
}

TEST_F(ResumptionTest, AsksWhetherACertificateHasBeenRevokedSince) {
  const TestCertificate alice = root.issue({.common_name = "alice"});
  require(alice);
  for (const Version version : kBoth) {
    server_spec.client_trust.crl = {root.crl({}), "clients.crl"};
    only(version);
    EXPECT_FALSE(resumed());
    EXPECT_TRUE(resumed());
    server_spec.client_trust.crl.text = root.crl({alice});
    reload();
    meet();
    EXPECT_EQ(server->reason(), "certificate_revoked");
  }
}

TEST_F(ResumptionTest, AsksWhetherTheAuthorityIsStillTrusted) {
  require(root.issue({.common_name = "alice"}));
  test::TestAuthority other("other root");
  for (const Version version : kBoth) {
    server_spec.client_trust.ca.text = root.certificate();
    only(version);
    EXPECT_FALSE(resumed());
    server_spec.client_trust.ca.text = other.certificate();
    reload();
    meet();
    EXPECT_EQ(server->reason(), "unknown_ca");
  }
}

TEST_F(ResumptionTest, AsksWhetherACertificateHasExpiredSince) {
  // That of a client, and with contexts of their own that of a server.
  require(root.issue({.common_name = "alice", .until_s = 2}));
  only(Version::Tls13);
  EXPECT_FALSE(resumed());
  EXPECT_TRUE(resumed());
  auto of_client = std::move(server_context);
  auto for_client = std::move(client_context);
  server_spec.client_certificates = ClientCertificates::None;
  server_spec.certificates = {test::spec_of(root.issue({.dns = {"example.com"}, .until_s = 2}))};
  configure();
  EXPECT_FALSE(resumed());
  EXPECT_TRUE(resumed());

  const std::time_t begin = std::time(nullptr);
  while (std::time(nullptr) < begin + 3) usleep(100'000);
  server_spec.certificates = {test::spec_of(root.issue({.dns = {"example.com"}}))};
  reload();
  EXPECT_FALSE(resumed());
  EXPECT_TRUE(resumed());
  std::swap(server_context, of_client);
  std::swap(client_context, for_client);
  meet();
  EXPECT_EQ(server->reason(), "certificate_expired");
}

TEST_F(ResumptionTest, IsNotTriedByAClientThatBelievesTheServerNoMore) {
  const TestCertificate shown = root.issue({.common_name = "server", .dns = {"example.com"}});
  server_spec.certificates = {test::spec_of(shown)};
  for (const Version version : kBoth) {
    only(version);
    EXPECT_FALSE(resumed());
    // The session is of this name, and kept for no other.
    host = "www.example.com";
    meet();
    EXPECT_EQ(client->reason(), "name_mismatch");
    host = "example.com";
    EXPECT_TRUE(resumed());
  }
}

}  // namespace
}  // namespace weir::tls
