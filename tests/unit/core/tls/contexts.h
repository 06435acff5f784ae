#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "core/tls/client_context.h"
#include "core/tls/server_context.h"
#include "tests/support/unit/test_certificate.h"

namespace weir::test {

// What makes contexts of specs that a test expects to be good.
inline std::unique_ptr<tls::ServerContext> server_of(const tls::ServerSpec& spec,
                                                     tls::TicketKeys& keys,
                                                     std::string_view name = "listener") {
  auto made = tls::ServerContext::make(spec, name, keys);
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return std::move(made).value();
}
inline std::unique_ptr<tls::ClientContext> client_of(const tls::ClientSpec& spec) {
  auto made = tls::ClientContext::make(spec);
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return std::move(made).value();
}
inline tls::CertificateSpec spec_of(const TestCertificate& one) {
  return {{one.certificate, "server.crt"}, {one.key, "server.key"}, {}};
}

}  // namespace weir::test
