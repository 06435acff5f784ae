#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/map.h"
#include "config/model/named_matches.h"
#include "config/schema.h"
#include "config/types/network.h"
#include "config/types/pattern.h"
#include "config/types/text_match.h"
#include "core/route/match.h"

namespace weir::config {

// `8080` or `8000-8999`.
template <>
struct Custom<route::PortRange> {
  static constexpr std::string_view word = "port or range of ports";
  static constexpr std::string_view wanted = "a port such as 8080 or a range such as 8000-8999";
  static constexpr bool one_text = true;
  static constexpr Literal literal = Literal::Integer;
  static constexpr std::string_view pattern = "[0-9]+(-[0-9]+)?";
  static constexpr std::int64_t least = 1;
  static constexpr std::int64_t most = 65535;
  static bool read(const Node& node, route::PortRange& value, Reading& reading);
};

}  // namespace weir::config

namespace weir::config::model {

// `match:` of a route. Keys are ANDed, a list is any of.
struct Match {
  std::vector<TextMatch> host;
  std::vector<TextMatch> path;
  std::vector<Located<std::string>> prefix;
  std::vector<Located<Pattern>> regex;
  std::vector<Located<std::string>> methods;
  NamedMatches headers;
  NamedMatches query;
  NamedMatches cookies;
  std::vector<net::Cidr> client_ip;
  std::vector<TextMatch> sni;
  std::vector<Located<route::PortRange>> port;
  std::optional<Percent> percent;
  std::vector<Located<std::string>> flag;
  NamedMatches var;
  Position where;

  static constexpr std::string_view type_name = "match";
  static constexpr auto fields = std::tuple{
      field("host", &Match::host, "the host: exact, *.suffix (not the suffix itself) or *")
          .one_or_many()
          .not_empty()
          .any_order(),
      field("path", &Match::path, "the whole path").one_or_many().not_empty().any_order(),
      field("prefix", &Match::prefix, "the path or a beginning of it, by segments")
          .one_or_many()
          .not_empty()
          .any_order(),
      field("regex", &Match::regex, "a regular expression over the whole path")
          .one_or_many()
          .not_empty()
          .any_order(),
      field("methods", &Match::methods, "the method, exactly as it is sent")
          .one_or_many()
          .not_empty()
          .any_order(),
      field("headers", &Match::headers, "header fields by name")
          .one_or_many()
          .not_empty()
          .any_order()
          .any_case(),
      field("query", &Match::query, "query parameters by name")
          .one_or_many()
          .not_empty()
          .any_order(),
      field("cookies", &Match::cookies, "cookies by name").one_or_many().not_empty().any_order(),
      field("client_ip", &Match::client_ip, "the client's address").one_or_many().not_empty().set(),
      field("sni", &Match::sni, "the server name in the client's TLS handshake, as host is written")
          .one_or_many()
          .not_empty()
          .any_order(),
      field("port", &Match::port, "the port that the client connected to")
          .one_or_many()
          .not_empty()
          .any_order(),
      field("percent", &Match::percent, "a share of the requests, by chance"),
      field("flag", &Match::flag, "a flag that is on")
          .one_or_many()
          .not_empty()
          .any_order()
          .is_name(),
      field("var", &Match::var, "variables of the stream by name")
          .one_or_many()
          .not_empty()
          .any_order()};

  bool check_values(Reading& reading) const;
  bool check(const Node& node, Reading& reading) const;
  route::Match compiled() const;
};

// Whether an item with `match:` is for everything, so that no item behind it is ever chosen.
inline bool matches_all(const Node& item) {
  const Node* match = item.find("match");
  return match == nullptr || (match->is_map() && match->entries().empty());
}

}  // namespace weir::config::model
