#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/filter_item.h"
#include "config/map.h"
#include "config/model/match.h"
#include "config/model/redirect.h"
#include "config/model/retry.h"
#include "config/schema.h"
#include "config/types/body.h"
#include "config/types/cluster_choice.h"
#include "config/types/header_edits.h"
#include "config/types/template.h"

namespace weir::config::model {

struct Respond {
  std::uint16_t status = 200;
  Map<route::Template> headers;
  std::optional<Body> body;

  static constexpr std::string_view type_name = "respond";
  static constexpr auto fields =
      std::tuple{field("status", &Respond::status, "of the response").range(200, 599),
                 field("headers", &Respond::headers, "of the response, with variables").any_case(),
                 field("body", &Respond::body, "of the response, with variables")};

  bool check_values(Reading& reading) const;
  bool check(const Node& node, Reading& reading) const;
  std::optional<route::Respond> compiled(Reading& reading) const;
};

struct Rewrite {
  std::optional<Located<std::string>> prefix;
  std::optional<Pattern> regex;
  std::optional<Located<std::string>> substitution;
  std::optional<Located<HostTemplate>> host;

  static constexpr std::string_view type_name = "rewrite";
  static constexpr auto fields = std::tuple{
      field("prefix", &Rewrite::prefix,
            "in place of the prefix that matched, in front of the path without one")
          .at_most_one_of("path"),
      field("regex", &Rewrite::regex, "what `substitution` takes the place of in the path")
          .at_most_one_of("path"),
      field("substitution", &Rewrite::substitution, "with \\1 to \\9 for the groups of `regex`")
          .goes_with("regex"),
      field("host", &Rewrite::host, "the host that the upstream sees, with variables")};

  bool check_values(Reading& reading) const;
  bool check(const Node& node, Reading& reading) const;
};

struct Mirror {
  Located<std::string> cluster;
  Percent percent{100};

  static constexpr std::string_view type_name = "mirror";
  static constexpr ShortForms short_forms{.scalar = "cluster"};
  static constexpr auto fields =
      std::tuple{field("cluster", &Mirror::cluster, "who gets the copies").required(),
                 field("percent", &Mirror::percent, "how many of the requests")};

  bool check(const Node& node, Reading& reading) const {
    if (percent.value == 0) {
      reading.warning_below("percent", node.find("percent")->where(), "nothing is ever copied");
    }
    return true;
  }
};

// One item of a list under `routes:`.
struct Route {
  using Duration = std::chrono::milliseconds;
  static constexpr Duration kLeast{1};

  std::string name;
  Match match;
  std::optional<ClusterChoice> cluster;
  std::optional<Redirect> redirect;
  std::optional<Respond> respond;
  std::optional<Rewrite> rewrite;
  std::optional<HeaderEdits> request_headers;
  std::optional<HeaderEdits> response_headers;
  std::vector<Mirror> mirror;
  std::optional<Duration> timeout{route::Route{}.timeout};
  std::optional<Duration> idle_timeout{route::Route{}.idle_timeout};
  std::optional<Duration> total_timeout;
  std::optional<Retry> retry;
  std::vector<Located<std::string>> upgrade{{"websocket", {}}};
  std::vector<FilterItem> filters;
  Position where;

  static constexpr std::string_view type_name = "route";
  static constexpr auto fields = std::tuple{
      field("name", &Route::name, "by which it is known in logs and overlays").is_name(),
      field("match", &Route::match, "which requests; all without it"),
      field("cluster", &Route::cluster, "who answers: a cluster, or several by weight")
          .one_of("action"),
      field("redirect", &Route::redirect, "where the client is sent: https, a URL or its parts")
          .one_of("action"),
      field("respond", &Route::respond, "an answer without a cluster").one_of("action"),
      field("rewrite", &Route::rewrite, "another path or host towards the cluster")
          .goes_with("cluster"),
      field("request_headers", &Route::request_headers, "changes towards the cluster")
          .goes_with("cluster"),
      field("response_headers", &Route::response_headers, "changes towards the client"),
      field("mirror", &Route::mirror,
            "clusters that get copies of complete requests with at most 64 KiB of body; answers "
            "are dropped, and so are copies when descriptors or memory are short")
          .one_or_many()
          .any_order()
          .goes_with("cluster"),
      field("timeout", &Route::timeout,
            "from the complete request to the response head, retries included")
          .at_least(kLeast)
          .or_off()
          .goes_with("cluster"),
      field("idle_timeout", &Route::idle_timeout,
            "nothing moves in either direction, also while the response head is awaited")
          .at_least(kLeast)
          .or_off(),
      field("total_timeout", &Route::total_timeout, "of the whole exchange")
          .at_least(kLeast)
          .or_off()
          .goes_with("cluster"),
      field("retry", &Route::retry, "when to try again, beyond what is safe anyway")
          .goes_with("cluster"),
      field("upgrade", &Route::upgrade, "protocols that a client may upgrade to; off forbids")
          .one_or_many()
          .goes_with("cluster"),
      field("filters", &Route::filters, "filters added, switched off or set anew for this route")};

  static bool takes_all(const Node& node) { return matches_all(node); }
  bool check_values(Reading& reading) const;
  bool check(const Node& node, Reading& reading) const;

 private:
  void warn_of_times(const Node& node, Reading& reading) const;
  void warn_of_attempts(const Node& node, Reading& reading) const;
  void warn_of_retries(const Node& node, Reading& reading) const;
};

}  // namespace weir::config::model
