#include "core/tls/certificate_index.h"

#include <string>
#include <vector>

#include "tests/unit/core/tls/tls_pair.h"

namespace weir::tls {
namespace {

using test::CertificateWish;
using test::TestKey;

class CertificateChoiceTest : public test::TlsPairTest {
 protected:
  void show(const std::vector<CertificateWish>& wishes) {
    server_spec.certificates.clear();
    for (const CertificateWish& wish : wishes) {
      server_spec.certificates.push_back(test::spec_of(root.issue(wish)));
    }
    client_spec.trust.names.clear();
    client_spec.verify = true;
    server_context = test::server_of(server_spec, keys);
  }
  // The common name of what a client is shown that asks for `name`.
  std::string shown(const std::string& name) {
    client_spec.trust.names = {{SanMatch::Kind::Uri, "any:*"}};
    client_spec.reuse_sessions = false;
    client_context = test::client_of(client_spec);
    host = name;
    meet();
    if (!client->handshake) return client->reason();
    return client->handshake->peer->subject.substr(3);
  }
};

TEST_F(CertificateChoiceTest, GoesByTheNameExactBeforeWildcardBeforeTheFirst) {
  show({{.common_name = "first", .dns = {"first.example"}, .uris = {"any:"}},
        {.common_name = "wild", .dns = {"*.shop.example"}, .uris = {"any:"}},
        {.common_name = "exact", .dns = {"a.shop.example"}, .uris = {"any:"}},
        {.common_name = "later", .dns = {"a.shop.example"}, .uris = {"any:"}}});
  EXPECT_EQ(shown("a.shop.example"), "exact");
  EXPECT_EQ(shown("A.Shop.Example"), "exact");
  EXPECT_EQ(shown("b.shop.example"), "wild");
  EXPECT_EQ(shown("a.b.shop.example"), "first");
  EXPECT_EQ(shown("shop.example"), "first");
  EXPECT_EQ(shown("elsewhere.example"), "first");
  EXPECT_EQ(shown("first.example"), "first");
  EXPECT_EQ(shown(""), "first");
  EXPECT_EQ(shown("192.0.2.1"), "first");
}

TEST_F(CertificateChoiceTest, PrefersEcdsaWhereTheClientCanUseIt) {
  show({{.common_name = "rsa", .dns = {"example.com"}, .uris = {"any:"}, .key = TestKey::Rsa2048},
        {.common_name = "p384", .dns = {"example.com"}, .uris = {"any:"}, .key = TestKey::P384},
        {.common_name = "p256", .dns = {"example.com"}, .uris = {"any:"}, .key = TestKey::P256}});
  for (const Version version : {Version::Tls12, Version::Tls13}) {
    client_spec.protocol = {};
    client_spec.protocol.min_version = client_spec.protocol.max_version = version;
    EXPECT_EQ(shown("example.com"), "p384");
    EXPECT_EQ(shown(""), "p384");
    client_spec.protocol.signature_algorithms = {"ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"};
    EXPECT_EQ(shown("example.com"), "p256");
    client_spec.protocol.signature_algorithms = {"rsa_pss_rsae_sha256"};
    EXPECT_EQ(shown("example.com"), "rsa");
    EXPECT_EQ(shown(""), "rsa");
  }
  client_spec.protocol = {};
  client_spec.protocol.max_version = Version::Tls12;
  client_spec.protocol.ciphers = {"ECDHE-RSA-AES128-GCM-SHA256"};
  EXPECT_EQ(shown("example.com"), "rsa");
  client_spec.protocol.ciphers = {};
  client_spec.protocol.curves = {"X25519", "P-256"};
  EXPECT_EQ(shown("example.com"), "p256");
}

TEST_F(CertificateChoiceTest, ShowsEd25519ToThoseWhoAskForIt) {
  show({{.common_name = "ed25519", .uris = {"any:"}, .key = TestKey::Ed25519}});
  EXPECT_EQ(server_context->certificates()[0].key_type, "Ed25519");
  for (const Version version : {Version::Tls12, Version::Tls13}) {
    client_spec.protocol.min_version = client_spec.protocol.max_version = version;
    client_spec.protocol.signature_algorithms = {"ed25519", "ecdsa_secp256r1_sha256"};
    EXPECT_EQ(shown("example.com"), "ed25519");
    client_spec.protocol.signature_algorithms = {"ecdsa_secp256r1_sha256"};
    EXPECT_EQ(shown("example.com"), "alert_handshake_failure");
  }
}

TEST_F(CertificateChoiceTest, HeedsThatTheServerHasNoCipherForEcdsa) {
  server_spec.protocol.ciphers = {"ECDHE-RSA-AES128-GCM-SHA256"};
  show({{.common_name = "p256", .dns = {"example.com"}, .uris = {"any:"}},
        {.common_name = "rsa", .dns = {"example.com"}, .uris = {"any:"}, .key = TestKey::Rsa2048}});
  client_spec.protocol.max_version = Version::Tls12;
  EXPECT_EQ(shown("example.com"), "rsa");
  client_spec.protocol.max_version = Version::Tls13;
  EXPECT_EQ(shown("example.com"), "p256");
}

TEST_F(CertificateChoiceTest, RefusesOtherNamesWhereSniIsRequired) {
  server_spec.require_sni = true;
  show({{.common_name = "wild", .dns = {"*.example.com"}, .uris = {"any:"}}});
  EXPECT_EQ(shown("a.example.com"), "wild");
  EXPECT_EQ(shown("example.org"), "alert_unrecognized_name");
  EXPECT_EQ(server->reason(), "unrecognized_name");
  EXPECT_EQ(shown(""), "alert_unrecognized_name");
  EXPECT_EQ(server->reason(), "unrecognized_name");
}

}  // namespace
}  // namespace weir::tls
