#include "core/event/watch_points.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

#include "core/base/paths_that_fit.h"

namespace weir::event {
namespace {

// As many links as the system follows.
constexpr int kMaxLinks = 40;

bool has_wildcard(std::string_view step) {
  return step.find_first_of("*?[") != std::string_view::npos;
}

class Walk {
 public:
  Walk(WatchPoints& points, std::size_t most) : points_(points), most_(most) {}

  // The directory at `path`, or nothing when there is none, or something else.
  std::optional<std::string> step_to(const std::string& path) {
    std::string here = "/";
    std::deque<std::string> steps;
    put_before(steps, std::filesystem::path(path).is_absolute()
                          ? std::filesystem::path(path)
                          : std::filesystem::current_path(error_) / path);
    int links = 0;
    while (!steps.empty()) {
      const std::string step = std::move(steps.front());
      steps.pop_front();
      if (step.empty() || step == "/" || step == ".") continue;
      if (step == "..") {
        here = std::filesystem::path(here).parent_path().string();
        continue;
      }
      if (WatchPoint* point = at(here)) point->names.insert(step);
      const std::string next = (std::filesystem::path(here) / step).string();
      struct stat about;
      if (lstat(next.c_str(), &about) != 0) return std::nullopt;
      if (S_ISLNK(about.st_mode)) {
        if (++links > kMaxLinks) return std::nullopt;
        const std::filesystem::path target = std::filesystem::read_symlink(next, error_);
        if (target.is_absolute()) here = "/";
        put_before(steps, target);
      } else if (S_ISDIR(about.st_mode)) {
        here = next;
      } else {
        return std::nullopt;
      }
    }
    return here;
  }

  // Each directory in which a step of the pattern is looked for.
  void fit(const std::string& pattern) {
    const auto take = [this](const std::string& directory) { take_all_of(directory); };
    const std::filesystem::path all(pattern);
    std::filesystem::path before;
    bool wild = false;
    for (const std::filesystem::path& step : all) {
      if (!wild && has_wildcard(step.native())) {
        wild = true;
        // What has no wildcard may not be there yet: then it is looked for as far as it is.
        take_all_of(before.empty() ? "." : unescaped(before.string()));
      } else if (wild) {
        // What is too much to look at is an error of the configuration, and nothing to watch.
        const auto directories = paths_that_fit(before.string());
        if (directories) std::for_each(directories->begin(), directories->end(), take);
      }
      before /= step;
    }
  }

 private:
  static std::string unescaped(std::string pattern) {
    std::erase(pattern, '\\');
    return pattern;
  }

  void take_all_of(const std::string& directory) {
    const auto here = step_to(directory);
    WatchPoint* const point = here ? at(*here) : nullptr;
    if (point != nullptr) point->all = true;
  }

  static void put_before(std::deque<std::string>& steps, const std::filesystem::path& path) {
    std::deque<std::string> all;
    for (const std::filesystem::path& step : path) all.push_back(step.string());
    steps.insert(steps.begin(), all.begin(), all.end());
  }

  WatchPoint* at(const std::string& directory) {
    const auto known = points_.find(directory);
    if (known != points_.end()) return &known->second;
    struct stat about;
    if (points_.size() == most_ || stat(directory.c_str(), &about) != 0) return nullptr;
    return &points_.emplace(directory, WatchPoint{about.st_dev, about.st_ino, false, {}})
                .first->second;
  }

  WatchPoints& points_;
  const std::size_t most_;
  std::error_code error_;
};

}  // namespace

WatchPoints watch_points(const FilesRead& files, std::size_t most) {
  WatchPoints points;
  Walk walk(points, most);
  for (const FilesRead::File& file : files.files()) walk.step_to(file.path);
  for (const FilesRead::Pattern& each : files.patterns()) walk.fit(each.pattern);
  return points;
}

}  // namespace weir::event
