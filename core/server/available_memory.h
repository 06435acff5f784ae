#pragma once

#include <cstdint>
#include <filesystem>

namespace weir::server {

// Bytes of memory that this process may use: the least of what the machine has and the limits of
// its cgroup (version 2 or 1) and those above it. `root` is where /proc and /sys are, for tests.
std::uint64_t available_memory(const std::filesystem::path& root = "/");

}  // namespace weir::server
