#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/base.h>

#include "core/base/result.h"
#include "core/tls/trust_spec.h"

struct stack_st_CRYPTO_BUFFER;
struct stack_st_X509;

namespace weir::tls {

// Judges the certificates of peers: the chain, its dates and revocation, names, pins. Immutable
// but for what BoringSSL guards itself; any thread.
class PeerVerifier {
 public:
  enum class Peer : std::uint8_t { Client, Server };
  using Digest = std::array<std::uint8_t, 32>;

  // Why one is not believed: a stable word, and the alert that tells the peer.
  struct Refusal {
    std::string_view reason;
    std::uint8_t alert;
  };

  static Result<PeerVerifier> make(const TrustSpec& spec, Peer peer);

  // `host` is the name or address that the certificate must be of, where that is asked.
  std::optional<Refusal> refuse(const stack_st_CRYPTO_BUFFER* chain,
                                std::optional<std::string_view> host) const;

  // Offers the names of the CAs to clients, so that they know which certificate to show.
  void add_ca_names(ssl_ctx_st& context) const;
  // Of all that decides who is believed, but for revocation.
  const Digest& settings() const { return settings_; }

 private:
  PeerVerifier() = default;

  std::optional<Refusal> refuse_chain(X509& leaf, stack_st_X509* others) const;

  Peer peer_ = Peer::Client;
  bssl::UniquePtr<X509_STORE> store_;  // null: pins alone say whom to believe
  std::vector<bssl::UniquePtr<X509>> ca_;
  unsigned depth_ = 0;
  bool check_crl_ = false;
  std::vector<SanMatch> names_;
  std::vector<std::string> sha256_;
  Digest settings_{};
};

}  // namespace weir::tls
