#include "config/build/config_input.h"

#include <filesystem>
#include <functional>
#include <system_error>

namespace weir::config {

// No variable has a colon in its name.
std::string name_of_file(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  return "file:" + (error ? path : absolute.lexically_normal().string());
}

bool is_name_of_file(std::string_view name) {
  return name.starts_with("file:");
}

std::string mark_of(const std::string& content) {
  return std::to_string(std::hash<std::string>()(content));
}

}  // namespace weir::config
