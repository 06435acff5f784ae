#include "core/base/paths_that_fit.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/core/base/temporary_directory.h"

namespace weir {
namespace {

using Paths = std::vector<std::string>;

class PathsThatFit : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* folder : {"b", "a", "none"}) {
      std::filesystem::create_directory(directory_.path(folder));
    }
    for (const char* file : {"b/1.yaml", "a/2.yaml", "a/1.yaml", "a/3.txt"}) {
      std::ofstream(directory_.path(file)) << "x";
    }
  }
  std::string path(std::string_view name) const { return directory_.path(name); }

  const TemporaryDirectory directory_;
};

TEST_F(PathsThatFit, AreSorted) {
  EXPECT_EQ(paths_that_fit(path("*/*.yaml")).value(),
            (Paths{path("a/1.yaml"), path("a/2.yaml"), path("b/1.yaml")}));
  EXPECT_EQ(paths_that_fit(path("a/?.txt")).value(), Paths{path("a/3.txt")});
  EXPECT_EQ(paths_that_fit(path("gone/*")).value(), Paths());
}

TEST_F(PathsThatFit, AreLookedForUpToALimit) {
  // Each folder has `.`, `..` and an end, which counts as well.
  constexpr std::size_t kEnough = 6 + 6 + 4 + 3;
  EXPECT_EQ(paths_that_fit(path("*/*.yaml"), kEnough).value().size(), 3u);
  const auto refused = paths_that_fit(path("*/*.yaml"), kEnough - 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "to find " + path("*/*.yaml") +
                                         " more than 18 entries of directories would have to be "
                                         "looked at");
  EXPECT_TRUE(paths_that_fit(path("*/*.yaml"))) << "the next one has entries of its own";
}

}  // namespace
}  // namespace weir
