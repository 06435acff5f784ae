#include "core/tls/system_ca.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/unit/core/tls/contexts.h"

namespace weir::tls {
namespace {

TEST(SystemCa, IsWhatTheEnvironmentSays) {
  setenv("SSL_CERT_FILE", "/somewhere/ca.pem", 1);
  EXPECT_EQ(system_ca_file(), "/somewhere/ca.pem");
  setenv("SSL_CERT_FILE", "", 1);
  EXPECT_NE(system_ca_file(), "");
  unsetenv("SSL_CERT_FILE");
}

TEST(SystemCa, CanBeTrusted) {
  const auto file = system_ca_file();
  ASSERT_TRUE(file) << "no authorities are installed: Debian's package is ca-certificates";
  std::stringstream text;
  text << std::ifstream(*file).rdbuf();
  ClientSpec spec;
  spec.trust.ca = {text.str(), *file};
  EXPECT_NE(test::client_of(spec), nullptr);
}

}  // namespace
}  // namespace weir::tls
