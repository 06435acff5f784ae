#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "config/schema.h"
#include "config/types/pattern.h"
#include "config/types/template.h"
#include "core/route/path_rewrite.h"
#include "core/route/route.h"

namespace weir::config::model {

// `{ regex: …, substitution: … }` of a path, and the other ways to change one.
struct PathChange {
  std::optional<Located<std::string>> prefix;
  std::optional<Pattern> regex;
  std::optional<Located<std::string>> substitution;

  // Nothing when there is none or a problem; that was reported.
  std::optional<route::PathRewrite> compiled(Reading& reading, bool& ok) const;
};

// `redirect:`; what is absent is kept from the request. `https` and a URL are short forms.
struct Redirect {
  Located<std::uint16_t> status{308, {}};
  std::optional<Located<std::string>> scheme;
  std::optional<Located<HostTemplate>> host;
  std::optional<std::uint16_t> port;
  std::optional<Located<UrlTemplate>> path;
  std::optional<Located<std::string>> prefix;
  std::optional<Pattern> regex;
  std::optional<Located<std::string>> substitution;
  std::optional<Located<UrlTemplate>> url;
  bool strip_query = false;

  static constexpr std::string_view type_name = "redirect";
  static constexpr auto fields = std::tuple{
      field("status", &Redirect::status, "301, 302, 303, 307 or 308").range(301, 308),
      field("scheme", &Redirect::scheme, "http or https"),
      field("host", &Redirect::host, "the host, with variables"),
      field("port", &Redirect::port, "the port").at_least(1),
      field("path", &Redirect::path, "the whole path, with variables").at_most_one_of("path"),
      field("prefix", &Redirect::prefix, "in place of the prefix that matched")
          .at_most_one_of("path"),
      field("regex", &Redirect::regex, "what `substitution` takes the place of")
          .at_most_one_of("path"),
      field("substitution", &Redirect::substitution, "with \\1 to \\9 for the groups of `regex`")
          .goes_with("regex"),
      field("url", &Redirect::url, "the whole URL, with variables").at_most_one_of("path"),
      field("strip_query", &Redirect::strip_query, "whether the query is dropped")};

  static void expand(Node& node);
  bool check_values(Reading& reading) const;
  bool check(const Node& node, Reading& reading) const;
  std::optional<route::Redirect> compiled(Reading& reading) const;
};

}  // namespace weir::config::model
