#include "core/tls/server_context.h"

#include <ctime>
#include <string>
#include <vector>

#include "tests/unit/core/tls/contexts.h"

namespace weir::tls {
namespace {

using test::TestCertificate;
using test::TestKey;

class ServerContextTest : public testing::Test {
 protected:
  ServerContextTest() {
    server_spec.certificates = {
        test::spec_of(root.issue({.common_name = "server", .dns = {"example.com"}}))};
  }
  std::string error() {
    const auto made = ServerContext::make(server_spec, "listener", keys);
    return made ? "none" : made.error().message;
  }
  CertificateSpec& first() { return server_spec.certificates[0]; }
  void expect_error(const std::string& part) {
    EXPECT_NE(error().find(part), std::string::npos) << error();
  }

  test::TestAuthority root;
  TicketKeys keys;
  ServerSpec server_spec;
};

TEST_F(ServerContextTest, SaysWhatItShows) {
  server_spec.certificates = {test::spec_of(root.issue({.common_name = "shop",
                                                        .dns = {"shop.example", "*.shop.example"},
                                                        .uris = {"spiffe://shop"},
                                                        .emails = {"shop@shop.example"},
                                                        .ips = {"192.0.2.1", "2001:db8::1"},
                                                        .key = TestKey::P384}))};
  const auto made = test::server_of(server_spec, keys);
  ASSERT_EQ(made->certificates().size(), 1u);
  const CertificateInfo& info = made->certificates()[0];
  EXPECT_EQ(info.file, "server.crt");
  EXPECT_EQ(info.key_type, "P-384");
  EXPECT_EQ(info.identity.subject, "CN=shop");
  EXPECT_EQ(info.identity.dns_names, (std::vector<std::string>{"shop.example", "*.shop.example"}));
  EXPECT_EQ(info.identity.uris, std::vector<std::string>{"spiffe://shop"});
  EXPECT_EQ(info.identity.emails, std::vector<std::string>{"shop@shop.example"});
  EXPECT_EQ(info.identity.ip_addresses, (std::vector<std::string>{"192.0.2.1", "2001:db8::1"}));
  EXPECT_EQ(info.identity.not_after - info.identity.not_before, 86'400 + 3'600);
  EXPECT_NEAR(static_cast<double>(info.identity.not_after),
              static_cast<double>(time(nullptr) + 86'400), 60.0);
}

TEST_F(ServerContextTest, TakesOneThatHasExpiredAndShowsIt) {
  first() = test::spec_of(root.issue({.from_s = -7'200, .until_s = -60}));
  const auto made = test::server_of(server_spec, keys);
  EXPECT_LT(made->certificates()[0].identity.not_after, time(nullptr));
}

TEST_F(ServerContextTest, RefusesFilesThatAreNoCertificateOrKey) {
  const CertificateSpec good = first();
  first().chain.text = "";
  expect_error("server.crt: there is no certificate: it must be PEM");
  first() = good;
  first().chain.text.erase(100, 50);
  expect_error("server.crt: certificate number 1 is damaged");
  first() = good;
  first().key.text = good.chain.text;
  expect_error("server.key: there is no private key");
  first() = good;
  first().key.text.erase(60, 20);
  expect_error("server.key: the private key is damaged");
  server_spec.certificates.clear();
  expect_error("TLS needs a certificate");
}

TEST_F(ServerContextTest, RefusesAKeyThatDoesNotFit) {
  const TestCertificate other = root.issue({.common_name = "other"});
  const CertificateSpec good = first();
  first().key.text = other.key;
  expect_error(
      "server.key: this private key is of another certificate than the first of "
      "server.crt (CN=server)");
  first() = good;
  first().chain.text = root.certificate() + good.chain.text;
  expect_error(
      "server.crt: the certificate of the key in server.key is number 2: it must be the "
      "first");
}

TEST_F(ServerContextTest, OpensAnEncryptedKeyWithItsPassword) {
  const TestCertificate one = root.issue({.dns = {"example.com"}});
  first() = test::spec_of(one);
  first().key.text = one.locked_key("sesame");
  expect_error("server.key: the private key is encrypted: give its password");
  first().password = "Sesame";
  expect_error("server.key: the password does not open the private key");
  first().password = "sesame";
  EXPECT_EQ(error(), "none");
}

TEST_F(ServerContextTest, RefusesAKeyThatIsTooWeak) {
  first() = test::spec_of(root.issue({.key = TestKey::Rsa1024}));
  expect_error("server.key: an RSA key of 1024 bits is too weak");
}

TEST_F(ServerContextTest, NamesWhatMayHaveBeenMeant) {
  server_spec.protocol.ciphers = {"ECDHE-RSA-AES128-GCM-SHA265"};
  expect_error("did you mean 'ECDHE-RSA-AES128-GCM-SHA256'?");
  server_spec.protocol.ciphers.clear();
  server_spec.protocol.curves = {"P256"};
  expect_error("`P256` is no curve, did you mean 'P-256'?");
  server_spec.protocol.curves = {"brainpool"};
  expect_error("`brainpool` is no curve: it can be X25519, P-256, P-384 or P-521");
  server_spec.protocol.curves.clear();
  server_spec.protocol.signature_algorithms = {"rsa_pss_rsa_sha256"};
  expect_error("did you mean 'rsa_pss_rsae_sha256'?");
}

TEST_F(ServerContextTest, RefusesSettingsThatContradictEachOther) {
  server_spec.protocol.preset = Preset::Modern;
  server_spec.protocol.ciphers = {"ECDHE-RSA-AES128-GCM-SHA256"};
  expect_error("`ciphers` are those of TLS 1.2, which is off");
  server_spec.protocol.ciphers.clear();
  server_spec.protocol.max_version = Version::Tls12;
  expect_error("no version of TLS is left");
  server_spec.protocol = {};
  server_spec.alpn = {std::string(256, 'x')};
  expect_error("is no protocol for ALPN");
}

TEST_F(ServerContextTest, RefusesClientsThatNobodyCouldVerify) {
  server_spec.client_certificates = ClientCertificates::Require;
  expect_error("nothing says which certificates to believe: give a CA or pins");
  server_spec.client_trust.sha256 = {"12:34"};
  expect_error("`12:34` is no SHA-256 of a certificate");
  server_spec.client_trust.sha256 = {};
  server_spec.client_trust.ca = {"nothing", "ca.crt"};
  expect_error("ca.crt: there is no certificate");
  server_spec.client_trust.ca.text = root.certificate();
  server_spec.client_trust.crl = {"nothing", "ca.crl"};
  expect_error("ca.crl: there is no revocation list");
  server_spec.client_trust.crl = {};
  server_spec.client_trust.names = {{SanMatch::Kind::Ip, "10.0.0.256"}};
  expect_error("`10.0.0.256` is no IP address");
}

}  // namespace
}  // namespace weir::tls
