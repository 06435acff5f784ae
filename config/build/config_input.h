#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

// A text that stands in for a file of its name.
struct ConfigText {
  std::string name;
  std::string text;
};

// Values by name; nothing for a name that is not set. A file that `${file:}` or a body was read
// from is among them, by name_of_file(), with what mark_of() makes of what was in it.
using Variables = std::map<std::string, std::optional<std::string>>;

std::string name_of_file(const std::string& path);
bool is_name_of_file(std::string_view name);
std::string mark_of(const std::string& content);
// The paths of files that are others in `now` than they were in `then`, where both know them.
std::vector<std::string> changed_files(const Variables& then, const Variables& now);

// The layers of a configuration, lowest first.
struct ConfigInput {
  std::vector<std::string> paths{};  // files and directories
  std::vector<ConfigText> texts{};   // above those
  Variables variables{};             // over those of the process
  std::string env{};                 // a file of variables over all of those; or empty
  std::vector<std::string> sets{};   // `PATH=VALUE`, each a layer above all files
};

}  // namespace weir::config
