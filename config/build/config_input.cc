#include "config/build/config_input.h"

#include <filesystem>
#include <functional>
#include <system_error>

namespace weir::config {
namespace {

// No variable has a colon in its name.
constexpr std::string_view kFileMark = "file:";

}  // namespace

std::string name_of_file(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  return std::string(kFileMark) + (error ? path : absolute.lexically_normal().string());
}

bool is_name_of_file(std::string_view name) {
  return name.starts_with(kFileMark);
}

std::vector<std::string> changed_files(const Variables& then, const Variables& now) {
  std::vector<std::string> paths;
  for (const auto& [name, mark] : then) {
    const auto found = is_name_of_file(name) ? now.find(name) : now.end();
    if (found == now.end() || found->second == mark) continue;
    paths.push_back(name.substr(kFileMark.size()));
  }
  return paths;
}

std::string mark_of(const std::string& content) {
  return std::to_string(std::hash<std::string>()(content));
}

}  // namespace weir::config
