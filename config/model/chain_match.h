#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "config/schema.h"
#include "config/types/network.h"
#include "config/types/text_match.h"
#include "core/route/match.h"

namespace weir::config::model {

// `match:` of a chain. Keys are ANDed, a list is any of.
struct ChainMatch {
  std::vector<net::Cidr> client_ip;
  std::vector<TextMatch> sni;
  std::vector<Located<std::string>> alpn;
  Position where;

  static constexpr std::string_view type_name = "chain match";
  static constexpr auto fields = std::tuple{
      field("client_ip", &ChainMatch::client_ip, "the client's address")
          .one_or_many()
          .not_empty()
          .set(),
      field("sni", &ChainMatch::sni,
            "the server name in the client's TLS handshake: exact, *.suffix (not the suffix "
            "itself) or *")
          .one_or_many()
          .not_empty()
          .any_order(),
      field("alpn", &ChainMatch::alpn, "a protocol that the client offers there, such as h2")
          .one_or_many()
          .not_empty()
          .any_order()};

  bool check_values(Reading& reading) const;
  route::Match compiled() const;
};

}  // namespace weir::config::model
