#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

enum class TestKey : std::uint8_t { P256, P384, Rsa2048, Rsa1024, Ed25519 };

// What a certificate for a test is to say.
struct CertificateWish {
  std::string common_name = "test";
  std::vector<std::string> dns = {};
  std::vector<std::string> uris = {};
  std::vector<std::string> emails = {};
  std::vector<std::string> ips = {};
  TestKey key = TestKey::P256;
  std::int64_t from_s = -3'600;  // from now on
  std::int64_t until_s = 86'400;
};

// PEM, made at run time.
struct TestCertificate {
  std::string certificate;  // those of intermediate authorities follow
  std::string key;
  std::string serial;  // in hexadecimal
  std::string sha256;

  // The key, encrypted.
  std::string locked_key(std::string_view password) const;
};

// A certificate authority: a root, or one that another authority issued.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name = "test root");
  TestAuthority(TestAuthority& above, const std::string& name);
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  // Of itself, as PEM.
  const std::string& certificate() const;
  TestCertificate issue(const CertificateWish& wish);
  // A revocation list of these.
  std::string crl(const std::vector<TestCertificate>& revoked, std::int64_t until_s = 86'400) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace weir::test
