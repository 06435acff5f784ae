#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/map.h"
#include "config/model/cluster.h"
#include "config/schema.h"

namespace weir::config::model {

// `access_log:` of the process or of one listener: a line for each exchange.
struct AccessLog {
  bool enabled = true;
  std::optional<Nothing> to_stdout;
  std::optional<Nothing> to_stderr;
  std::optional<Located<std::string>> path;
  Located<std::string> format{"json", {}};
  std::vector<Located<std::string>> add;
  Position where;

  static constexpr std::string_view type_name = "access log";
  static constexpr ShortForms short_forms{.off = "enabled", .choice = true};
  static constexpr auto fields = std::tuple{
      field("enabled", &AccessLog::enabled, "whether exchanges are logged"),
      field("stdout", &AccessLog::to_stdout, "to standard output, the default")
          .at_most_one_of("target")
          .usual(),
      field("stderr", &AccessLog::to_stderr, "to standard error").at_most_one_of("target"),
      field("path", &AccessLog::path, "to a file").path().at_most_one_of("target"),
      field("format", &AccessLog::format,
            "json, or a text with variables such as %status%, those of templates included"),
      field("add", &AccessLog::add,
            "to the fields of json: client_ip, method, scheme, host, path, query, protocol, "
            "user_agent, referer, sni")
          .one_or_many()};
};

}  // namespace weir::config::model
