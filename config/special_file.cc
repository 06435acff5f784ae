#include "config/special_file.h"

#include <filesystem>
#include <system_error>

namespace weir::config {

Result<void> refuse_special_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_other(std::filesystem::status(path, error))) return {};
  return config_error(path + " is a pipe, a socket or a device: reading it could wait without end");
}

}  // namespace weir::config
