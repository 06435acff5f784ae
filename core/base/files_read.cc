#include "core/base/files_read.h"

#include <algorithm>

#include "core/base/paths_that_fit.h"

namespace weir {
namespace {

using Paths = std::vector<std::string>;

}  // namespace

void FilesRead::add(const std::string& path) {
  const auto same = [&path](const File& file) { return file.path == path; };
  if (std::any_of(files_.begin(), files_.end(), same)) return;
  files_.push_back({path, FileSignature::of(path)});
}

Result<Paths> FilesRead::find(const std::string& pattern) {
  Result<Paths> found = paths_that_fit(pattern);
  patterns_.push_back({pattern, found.value_or(Paths())});
  return found;
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
    if (paths_that_fit(each.pattern).value_or(Paths()) != each.found) return each.pattern;
  }
  return std::nullopt;
}

}  // namespace weir
