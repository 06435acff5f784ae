#include "core/server/available_memory.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace weir::server {
namespace {

class AvailableMemoryTest : public testing::Test {
 protected:
  AvailableMemoryTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root = std::filesystem::temp_directory_path() /
           ("weir_memory_" + std::to_string(getpid()) + test->name());
    write("proc/meminfo", "MemTotal:       1024 kB\nMemFree: 5 kB\n");
  }
  ~AvailableMemoryTest() override { std::filesystem::remove_all(root); }
  void write(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((root / file).parent_path());
    std::ofstream(root / file) << text;
  }

  std::filesystem::path root;
};

TEST_F(AvailableMemoryTest, IsThatOfTheMachineWithoutLimits) {
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/memory.max", "max\n");
  EXPECT_EQ(available_memory(root), 1024u * 1024);
}

TEST_F(AvailableMemoryTest, IsTheLeastOfACgroupAndThoseAboveIt) {
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/memory.max", "5000\n");
  write("sys/fs/cgroup/a/b/memory.max", "7000\n");
  EXPECT_EQ(available_memory(root), 5000u);
}

TEST_F(AvailableMemoryTest, KnowsTheFirstVersionOfCgroups) {
  write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/a\n");
  write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "6000\n");
  EXPECT_EQ(available_memory(root), 6000u);
}

// In a container the path is often that of the host, and the mount is the group itself.
TEST_F(AvailableMemoryTest, LooksAtTheMountOfAContainerToo) {
  write("proc/self/cgroup", "0::/../../elsewhere\n");
  write("sys/fs/cgroup/memory.max", "4000\n");
  EXPECT_EQ(available_memory(root), 4000u);
}

}  // namespace
}  // namespace weir::server
