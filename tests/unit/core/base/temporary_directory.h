#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <stdlib.h>

namespace weir {

// A directory of a test's own, which goes with it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "weir-test-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string path(std::string_view name) const { return directory_ / name; }

 private:
  std::filesystem::path directory_;
};

}  // namespace weir
