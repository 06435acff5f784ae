#pragma once

#include <array>
#include <optional>
#include <string>
#include <tuple>

#include "config/map.h"
#include "config/model/cluster.h"
#include "config/schema.h"
#include "core/base/journal_socket.h"
#include "core/base/log_level.h"
#include "core/base/log_output.h"

namespace weir {

constexpr auto enum_names(LogLevel) {
  using config::EnumName;
  return std::array{EnumName{"trace", LogLevel::Trace}, EnumName{"debug", LogLevel::Debug},
                    EnumName{"info", LogLevel::Info},   EnumName{"warning", LogLevel::Warning},
                    EnumName{"error", LogLevel::Error}, EnumName{"off", LogLevel::Off}};
}

constexpr auto enum_names(LogSpec::Form) {
  using config::EnumName;
  return std::array{EnumName{"text", LogSpec::Form::Text}, EnumName{"json", LogSpec::Form::Json}};
}

}  // namespace weir

namespace weir::config::model {

struct Journald {
  Located<std::string> socket{JournalSocket::kPath, {}};
  Position where;

  static constexpr std::string_view type_name = "journal";
  static constexpr auto fields =
      std::tuple{field("socket", &Journald::socket, "where the journal listens").path()};
};

// `log:`: what Weir says about itself.
struct Log {
  LogLevel level = LogLevel::Info;
  Map<LogLevel> levels;
  std::optional<Nothing> to_stderr;
  std::optional<Located<std::string>> path;
  std::optional<Journald> journald;
  LogSpec::Form format = LogSpec::Form::Text;

  static constexpr std::string_view type_name = "log";
  static constexpr ShortForms short_forms{.choice = true};
  static constexpr auto fields = std::tuple{
      field("level", &Log::level, "of all parts; what is below is left out"),
      field("levels", &Log::levels,
            "of single parts (access_log, config, event, filter, log, overload, override, reload, "
            "server, "
            "upstream)"),
      field("stderr", &Log::to_stderr, "to standard error, the default")
          .at_most_one_of("target")
          .usual(),
      field("path", &Log::path, "to a file, which is opened again when it was moved away")
          .path()
          .at_most_one_of("target"),
      field("journald", &Log::journald, "to the systemd journal, with WEIR_PART")
          .at_most_one_of("target"),
      field("format", &Log::format,
            "of lines, json being an object each; the journal has its own")};

  bool check_values(Reading& reading) const;
  bool check(const Node& node, Reading& reading) const;
  LogLevels compiled_levels() const;
};

}  // namespace weir::config::model
