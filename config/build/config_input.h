#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::config {

// A text that stands in for a file of its name.
struct ConfigText {
  std::string name;
  std::string text;
};

// The layers of a configuration, lowest first.
struct ConfigInput {
  std::vector<std::string> paths{};  // files and directories
  std::vector<ConfigText> texts{};   // above those
  std::string env{};                 // a file of variables above those of the process; or empty
  // In place of those of the process.
  std::optional<std::map<std::string, std::optional<std::string>>> variables{};
  std::vector<std::string> sets{};  // `PATH=VALUE`, each a layer above all files
};

}  // namespace weir::config
