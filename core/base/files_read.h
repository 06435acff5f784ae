#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/file_signature.h"
#include "core/base/result.h"

namespace weir {

// What something was read from, files and the patterns that found some of them, each as it was just
// before it was read: so that a change is seen whenever it happens. Not thread-safe.
class FilesRead {
 public:
  struct File {
    std::string path;
    FileSignature before;
  };
  struct Pattern {
    std::string pattern;  // of glob(3)
    std::vector<std::string> found;
  };

  // Before the file is read, also when it may be missing. One that is added again counts as it was
  // at first.
  void add(const std::string& path);
  // The paths that fit, sorted; those that are read are to be added too. An error as that of
  // paths_that_fit(), and then it found nothing.
  Result<std::vector<std::string>> find(const std::string& pattern);
  // The pattern that finds the files of `directory` whose names fit `names`.
  static std::string pattern_in(const std::string& directory, const std::string& names);
  void append(const FilesRead& others);

  // A file that is another one now, or a pattern that finds other ones; nothing if all is as it
  // was. Asks the file system.
  std::optional<std::string> changed() const;

  const std::vector<File>& files() const { return files_; }
  const std::vector<Pattern>& patterns() const { return patterns_; }

 private:
  std::vector<File> files_;
  std::vector<Pattern> patterns_;
};

}  // namespace weir
