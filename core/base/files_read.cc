#include "core/base/files_read.h"

#include <algorithm>

#include <glob.h>

namespace weir {

std::vector<std::string> paths_that_fit(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  return paths;
}

void FilesRead::add(const std::string& path) {
  const auto same = [&path](const File& file) { return file.path == path; };
  if (std::any_of(files_.begin(), files_.end(), same)) return;
  files_.push_back({path, FileSignature::of(path)});
}

std::vector<std::string> FilesRead::find(const std::string& pattern) {
  return patterns_.emplace_back(Pattern{pattern, paths_that_fit(pattern)}).found;
}

std::string FilesRead::pattern_in(const std::string& directory, const std::string& names) {
  std::string pattern;
  for (const char c : directory) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '/' + names;
}

void FilesRead::append(const FilesRead& others) {
  files_.insert(files_.end(), others.files_.begin(), others.files_.end());
  patterns_.insert(patterns_.end(), others.patterns_.begin(), others.patterns_.end());
}

std::optional<std::string> FilesRead::changed() const {
  for (const File& file : files_) {
    if (FileSignature::of(file.path) != file.before) return file.path;
  }
  for (const Pattern& each : patterns_) {
    if (paths_that_fit(each.pattern) != each.found) return each.pattern;
  }
  return std::nullopt;
}

}  // namespace weir
