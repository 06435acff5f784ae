#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "core/base/files_read.h"

namespace weir::event {

// The names in one directory that something depends on.
struct WatchPoint {
  std::uint64_t device = 0;  // of the directory that was meant
  std::uint64_t inode = 0;
  bool all = false;  // whatever the name
  std::set<std::string, std::less<>> names;

  bool concerns(std::string_view name) const { return all || names.find(name) != names.end(); }
};

// By the absolute path of the directory, without links.
using WatchPoints = std::map<std::string, WatchPoint, std::less<>>;

// Where a change can alter what is at the paths of `files` or fits its patterns: the place of each
// step to them, links and what they lead to included, as far as there is something. At most `most`
// directories. Asks the file system.
WatchPoints watch_points(const FilesRead& files, std::size_t most);

}  // namespace weir::event
