#include "config/build/written_files.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <fnmatch.h>

namespace weir::config {
namespace {

using std::filesystem::path;

bool same_folder(const path& a, const path& b) {
  const auto named = [](const path& folder) { return folder.empty() ? path(".") : folder; };
  std::error_code error;
  return std::filesystem::equivalent(named(a), named(b), error);
}

class WrittenFiles {
 public:
  WrittenFiles(const Sources& sources, const FilesRead& read, Reading& reading)
      : sources_(sources), read_(read), reading_(reading) {}

  void check(const std::optional<Located<std::string>>& written) const {
    if (!written || written->value.empty() || reading_.unread(written->where)) return;
    const std::string name = sources_.resolve(written->where.source, written->value);
    if (is_read(name)) {
      reading_.error(written->where,
                     "this configuration is read from that file, which it would be written into: "
                     "name another");
    } else if (const std::string* const pattern = found_by(name)) {
      reading_.error(written->where, "would be read as a part of this configuration, by " +
                                         *pattern + ": name it otherwise");
    }
  }

 private:
  bool is_read(const std::string& name) const {
    const FileSignature is = FileSignature::of(name);
    if (is == FileSignature()) return false;
    return std::any_of(read_.files().begin(), read_.files().end(),
                       [&is](const FilesRead::File& file) {
                         return file.before.device == is.device && file.before.inode == is.inode;
                       });
  }

  const std::string* found_by(const std::string& name) const {
    const path written(name);
    for (const FilesRead::Pattern& each : read_.patterns()) {
      const path pattern(each.pattern);
      if (fnmatch(pattern.filename().c_str(), written.filename().c_str(), FNM_PERIOD) == 0 &&
          same_folder(pattern.parent_path(), written.parent_path())) {
        return &each.pattern;
      }
    }
    return nullptr;
  }

  const Sources& sources_;
  const FilesRead& read_;
  Reading& reading_;
};

}  // namespace

void check_written_files(const model::File& file, const Sources& sources, const FilesRead& read,
                         Reading& reading) {
  const WrittenFiles files(sources, read, reading);
  const auto check_below = [&](std::string_view key, const auto& path) {
    const auto step = reading.enter(key);
    const auto inner = reading.enter("path");
    files.check(path);
  };
  check_below("log", file.log.path);
  if (file.access_log.enabled) check_below("access_log", file.access_log.path);
  {
    const auto step = reading.enter("state_file");
    files.check(file.state_file);
  }
  const auto step = reading.enter("listeners");
  for (const auto& listener : file.listeners) {
    const auto& log = listener.value.access_log;
    if (!log || !log->enabled) continue;
    const auto inner = reading.enter(listener.name);
    check_below("access_log", log->path);
  }
}

}  // namespace weir::config
