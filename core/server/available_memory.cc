#include "core/server/available_memory.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>

namespace weir::server {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kUnknown = std::uint64_t{1} << 62;

// UINT64_MAX when there is no such file, or no number in it: "max" is no limit.
std::uint64_t number_in(const fs::path& file) {
  std::ifstream in(file);
  std::uint64_t number = UINT64_MAX;
  return in >> number ? number : UINT64_MAX;
}

std::uint64_t memory_of_machine(const fs::path& root) {
  std::ifstream in(root / "proc/meminfo");
  std::string key;
  std::uint64_t kib = 0;
  while (in >> key >> kib) {
    if (key == "MemTotal:") return kib * 1024;
    std::getline(in, key);
  }
  return kUnknown;
}

// The limits of the group `path` below `mount`, and of those above it.
std::uint64_t least_on_the_way(const fs::path& mount, std::string_view path,
                               std::string_view file) {
  std::uint64_t least = number_in(mount / file);
  fs::path group = mount;
  for (const fs::path& part : fs::path(path).relative_path()) {
    group /= part;
    least = std::min(least, number_in(group / file));
  }
  return least;
}

}  // namespace

std::uint64_t available_memory(const fs::path& root) {
  std::uint64_t least = memory_of_machine(root);
  // "0::/path" for version 2, "4:cpu,memory:/path" for version 1.
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string_view path = std::string_view(line).substr(second + 1);
    const fs::path mount = root / "sys/fs/cgroup";
    if (controllers == ",,") {
      least = std::min(least, least_on_the_way(mount, path, "memory.max"));
    } else if (controllers.find(",memory,") != std::string::npos) {
      least = std::min(least, least_on_the_way(mount / "memory", path, "memory.limit_in_bytes"));
    }
  }
  return least;
}

}  // namespace weir::server
