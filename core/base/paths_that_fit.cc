#include "core/base/paths_that_fit.h"

#include <cerrno>

#include <dirent.h>
#include <glob.h>
#include <sys/stat.h>

namespace weir {
namespace {

// Of the look that is under way: glob(3) gives its functions no argument.
thread_local std::size_t entries_left;

void* open_directory(const char* path) {
  return entries_left == 0 ? nullptr : opendir(path);
}

// The entry that is one too many ends the directory, and the counter stays at nothing.
dirent* next_entry(void* directory) {
  if (entries_left == 0 || --entries_left == 0) return nullptr;
  return readdir(static_cast<DIR*>(directory));
}

void close_directory(void* directory) {
  closedir(static_cast<DIR*>(directory));
}

}  // namespace

Result<std::vector<std::string>> paths_that_fit(const std::string& pattern, std::size_t most) {
  glob_t found{};
  found.gl_opendir = open_directory;
  found.gl_readdir = next_entry;
  found.gl_closedir = close_directory;
  found.gl_lstat = lstat;
  found.gl_stat = stat;
  entries_left = most + 1;
  std::vector<std::string> paths;
  if (glob(pattern.c_str(), GLOB_ALTDIRFUNC, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  if (entries_left > 0) return paths;
  return config_error("to find " + pattern + " more than " + std::to_string(most) +
                      " entries of directories would have to be looked at");
}

}  // namespace weir
