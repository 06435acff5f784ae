#include "core/server/state_lock.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/core/base/temporary_directory.h"

namespace weir::server {
namespace {

namespace fs = std::filesystem;

class StateLockTest : public testing::Test {
 protected:
  std::string path(const std::string& name = "state.json") const { return folder_.path(name); }

  const StateLock none_{};
  const TemporaryDirectory folder_;
};

TEST_F(StateLockTest, IsForOneAloneUntilItIsGivenUp) {
  {
    const auto first = StateLock::take(path(), none_);
    ASSERT_TRUE(first);
    const auto second = StateLock::take(path(), none_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().origin, ErrorOrigin::System);
    EXPECT_EQ(second.error().message,
              "state_file: " + path() + " is in use by process " + std::to_string(getpid()) +
                  ": each Weir needs a file of its own, or would undo what is set in the other");
    EXPECT_TRUE(StateLock::take(path("other.json"), none_));
  }
  EXPECT_TRUE(StateLock::take(path(), none_));
}

TEST_F(StateLockTest, StaysOverTheFileThatIsWrittenAnew) {
  const auto first = StateLock::take(path(), none_);
  std::ofstream(path("next")) << "text";
  fs::rename(path("next"), path());
  EXPECT_FALSE(StateLock::take(path(), none_));
}

TEST_F(StateLockTest, MayBeTakenAgainByWhoHasItUnderWhateverName) {
  std::ofstream(path()) << "text";
  fs::create_symlink("state.json", path("link.json"));
  StateLock held = StateLock::take(path(), none_).value();
  for (const char* name : {"state.json", "link.json", "./state.json"}) {
    auto again = StateLock::take(path(name), held);
    ASSERT_TRUE(again) << name;
    held = *std::move(again);
    EXPECT_FALSE(StateLock::take(path(), none_)) << name;
  }
  held = StateLock();
  EXPECT_TRUE(StateLock::take(path(), none_));
}

TEST_F(StateLockTest, IsMadeAgainByWhoHasItWhenItsFileWasDeleted) {
  StateLock held = StateLock::take(path(), none_).value();
  fs::remove(path("state.json.lock"));
  auto again = StateLock::take(path(), held);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->replaces(held));
  held = *std::move(again);
  EXPECT_FALSE(StateLock::take(path(), none_));
  EXPECT_FALSE(StateLock::take(path(), held)->replaces(held));
}

TEST_F(StateLockTest, IsTakenOfTheFileThatCameInstead) {
  int looks = 0;
  const auto lock = StateLock::take(path(), none_, [&] {
    if (++looks < 3) fs::remove(path("state.json.lock"));
  });
  ASSERT_TRUE(lock);
  EXPECT_EQ(looks, 3);
  EXPECT_TRUE(lock->is_of(path()));
  EXPECT_FALSE(StateLock::take(path(), none_));
}

TEST_F(StateLockTest, IsNoneWhereTheFileIsAnotherOneWithEachLook) {
  int looks = 0;
  const auto lock = StateLock::take(path(), none_, [&] {
    ++looks;
    fs::remove(path("state.json.lock"));
  });
  ASSERT_TRUE(lock);
  EXPECT_EQ(looks, 8);
  EXPECT_FALSE(lock->is_of(path()));
}

TEST_F(StateLockTest, IsNoneWhereNoneCanBe) {
  EXPECT_TRUE(StateLock::take("", none_));
  EXPECT_TRUE(StateLock::take(path("gone/state.json"), none_));
}

}  // namespace
}  // namespace weir::server
