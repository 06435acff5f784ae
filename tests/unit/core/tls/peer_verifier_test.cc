#include "core/tls/peer_verifier.h"

#include <gtest/gtest.h>

#include "tests/unit/core/tls/tls_pair.h"

namespace weir::tls {
namespace {

using test::CertificateWish;
using test::TestAuthority;
using test::TestCertificate;

class ClientCertificatesTest : public test::TlsPairTest {
 protected:
  ClientCertificatesTest() {
    server_spec.client_certificates = ClientCertificates::Require;
    server_spec.client_trust.ca = {root.certificate(), "clients.crt"};
  }

  void show(const TestCertificate& one) { client_spec.certificate = test::spec_of(one); }
  // What the server makes of the client, over both versions: `peer` or the reason.
  std::string verdict() {
    std::string first;
    for (const Version version : {Version::Tls12, Version::Tls13}) {
      client_spec.protocol.min_version = client_spec.protocol.max_version = version;
      configure();
      meet();
      const std::string now = !server->handshake        ? server->reason()
                              : server->handshake->peer ? server->handshake->peer->subject
                                                        : "nobody";
      EXPECT_TRUE(first.empty() || now == first) << now << " and " << first;
      first = now;
    }
    return first;
  }
};

TEST_F(ClientCertificatesTest, SayWhoTheClientIs) {
  show(root.issue({.common_name = "alice", .emails = {"alice@example.com"}}));
  EXPECT_EQ(verdict(), "CN=alice");
  EXPECT_EQ(server->handshake->peer->emails, std::vector<std::string>{"alice@example.com"});
  EXPECT_EQ(server->handshake->peer->sha256.size(), 64u);
  talk();
}

TEST_F(ClientCertificatesTest, MayBeRequiredOrNot) {
  EXPECT_EQ(verdict(), "certificate_required");
  server_spec.client_certificates = ClientCertificates::Optional;
  EXPECT_EQ(verdict(), "nobody");
  show(root.issue({.common_name = "alice"}));
  EXPECT_EQ(verdict(), "CN=alice");
  // One that is shown must be good all the same.
  TestAuthority other("other root");
  show(other.issue({.common_name = "mallory"}));
  EXPECT_EQ(verdict(), "unknown_ca");
  server_spec.client_certificates = ClientCertificates::None;
  EXPECT_EQ(verdict(), "nobody");
}

TEST_F(ClientCertificatesTest, MustBeOfTheirTime) {
  show(root.issue({.from_s = -7'200, .until_s = -60}));
  EXPECT_EQ(verdict(), "certificate_expired");
  show(root.issue({.from_s = 3'600}));
  EXPECT_EQ(verdict(), "certificate_not_yet_valid");
}

TEST_F(ClientCertificatesTest, TellTheClientWhatIsWrong) {
  show(root.issue({.from_s = -7'200, .until_s = -60}));
  client_spec.protocol.max_version = Version::Tls12;
  configure();
  meet();
  EXPECT_EQ(client->reason(), "alert_certificate_expired");
}

TEST_F(ClientCertificatesTest, AreHeldAgainstARevocationList) {
  const TestCertificate good = root.issue({.common_name = "good"});
  const TestCertificate bad = root.issue({.common_name = "bad"});
  server_spec.client_trust.crl = {root.crl({bad}), "clients.crl"};
  show(good);
  EXPECT_EQ(verdict(), "CN=good");
  show(bad);
  EXPECT_EQ(verdict(), "certificate_revoked");
  show(good);
  server_spec.client_trust.crl.text = root.crl({bad}, -60);
  EXPECT_EQ(verdict(), "crl_expired");
  TestAuthority other("other root");
  server_spec.client_trust.crl.text = other.crl({});
  EXPECT_EQ(verdict(), "crl_missing");
}

TEST_F(ClientCertificatesTest, MayComeThroughIntermediateAuthorities) {
  TestAuthority middle(root, "middle");
  TestAuthority low(middle, "low");
  show(low.issue({.common_name = "deep"}));
  EXPECT_EQ(verdict(), "CN=deep");
  server_spec.client_trust.depth = 2;
  EXPECT_EQ(verdict(), "CN=deep");
  server_spec.client_trust.depth = 1;
  EXPECT_EQ(verdict(), "chain_too_long");
  // One of those may be trusted itself.
  server_spec.client_trust.ca.text = middle.certificate();
  EXPECT_EQ(verdict(), "CN=deep");
  show(root.issue({.common_name = "above"}));
  EXPECT_EQ(verdict(), "unknown_ca");
}

TEST_F(ClientCertificatesTest, MustHaveOneOfTheNames) {
  show(root.issue({.common_name = "alice",
                   .dns = {"a.clients.example"},
                   .uris = {"spiffe://mesh/ns/shop"},
                   .emails = {"Alice@Example.com"},
                   .ips = {"2001:db8::7"}}));
  using Kind = SanMatch::Kind;
  const std::pair<SanMatch, bool> cases[] = {
      {{Kind::Dns, "a.clients.example"}, true},   {{Kind::Dns, "A.CLIENTS.example"}, true},
      {{Kind::Dns, "*.clients.example"}, true},   {{Kind::Dns, "*.example"}, false},
      {{Kind::Dns, "clients.example"}, false},    {{Kind::Dns, "alice"}, false},
      {{Kind::Uri, "spiffe://mesh/ns/*"}, true},  {{Kind::Uri, "spiffe://mesh/ns/shop"}, true},
      {{Kind::Uri, "spiffe://mesh/ns"}, false},   {{Kind::Uri, "spiffe://away/*"}, false},
      {{Kind::Email, "alice@example.com"}, true}, {{Kind::Email, "bob@example.com"}, false},
      {{Kind::Ip, "2001:0db8:0::0007"}, true},    {{Kind::Ip, "2001:db8::8"}, false},
      {{Kind::Dns, "2001:db8::7"}, false},
  };
  for (const auto& [match, good] : cases) {
    server_spec.client_trust.names = {match};
    EXPECT_EQ(verdict(), good ? "CN=alice" : "name_mismatch") << match.value;
  }
  server_spec.client_trust.names = {{Kind::Dns, "nobody"}, {Kind::Ip, "2001:db8::7"}};
  EXPECT_EQ(verdict(), "CN=alice");
}

TEST_F(ClientCertificatesTest, MayBePinned) {
  const TestCertificate alice = root.issue({.common_name = "alice"});
  const TestCertificate bob = root.issue({.common_name = "bob"});
  server_spec.client_trust.sha256 = {alice.sha256};
  show(alice);
  EXPECT_EQ(verdict(), "CN=alice");
  show(bob);
  EXPECT_EQ(verdict(), "pin_mismatch");
  // As other tools print it, and without any CA.
  std::string printed;
  for (std::size_t i = 0; i < bob.sha256.size(); ++i) {
    if (i > 0 && i % 2 == 0) printed += ':';
    printed += static_cast<char>(std::toupper(bob.sha256[i]));
  }
  server_spec.client_trust.sha256.push_back(printed);
  EXPECT_EQ(verdict(), "CN=bob");
  server_spec.client_trust.ca = {};
  EXPECT_EQ(verdict(), "CN=bob");
  const TestCertificate old = root.issue({.from_s = -7'200, .until_s = -60});
  server_spec.client_trust.sha256 = {old.sha256};
  show(old);
  EXPECT_EQ(verdict(), "certificate_expired");
  show(root.issue({.common_name = "alice"}));
  EXPECT_EQ(verdict(), "pin_mismatch");
}

class ServerCertificatesTest : public test::TlsPairTest {
 protected:
  std::string verdict() {
    configure();
    meet();
    if (client->handshake) return client->handshake->peer ? "verified" : "believed";
    return client->reason();
  }
};

TEST_F(ServerCertificatesTest, MustBeOfTheNameThatIsAskedFor) {
  server_spec.certificates = {test::spec_of(root.issue({.common_name = "cn.example",
                                                        .dns = {"example.com", "*.example.org"},
                                                        .ips = {"192.0.2.1"}}))};
  const std::pair<const char*, bool> cases[] = {
      {"example.com", true},   {"EXAMPLE.com", true},      {"www.example.com", false},
      {"a.example.org", true}, {"a.b.example.org", false}, {"example.org", false},
      {"192.0.2.1", true},     {"192.0.2.2", false},       {"cn.example", false},
  };
  for (const auto& [name, good] : cases) {
    host = name;
    EXPECT_EQ(verdict(), good ? "verified" : "name_mismatch") << name;
  }
  EXPECT_EQ(server->reason(), "alert_bad_certificate");
  host = "";
  EXPECT_EQ(verdict(), "name_mismatch");
  host = "example.com.";
  EXPECT_EQ(verdict(), "verified");
  host = "cn.example";
  client_spec.server_name = "example.com";
  EXPECT_EQ(verdict(), "verified");
  EXPECT_EQ(server->handshake->server_name, "example.com");
  client_spec.server_name = "";
  client_spec.trust.names = {{SanMatch::Kind::Dns, "example.com"}};
  EXPECT_EQ(verdict(), "verified");
  EXPECT_EQ(server->handshake->server_name, "cn.example");
}

TEST_F(ServerCertificatesTest, MustComeFromATrustedAuthority) {
  TestAuthority other("other root");
  client_spec.trust.ca = {other.certificate(), "ca.crt"};
  EXPECT_EQ(verdict(), "unknown_ca");
  EXPECT_EQ(server->reason(), "alert_unknown_ca");
  client_spec.trust.ca.text += root.certificate();
  EXPECT_EQ(verdict(), "verified");
}

TEST_F(ServerCertificatesTest, AreBelievedUnseenOnlyWhenThatIsWritten) {
  client_spec.verify = false;
  client_spec.trust = {};
  host = "elsewhere.example";
  EXPECT_EQ(verdict(), "believed");
}

}  // namespace
}  // namespace weir::tls
