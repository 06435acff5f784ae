#include "config/env_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace weir::config {
namespace {

class EnvFile : public testing::Test {
 protected:
  void SetUp() override {
    path_ =
        std::filesystem::path(testing::TempDir()) /
        (std::string("weir_env_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  void TearDown() override { std::filesystem::remove(path_); }

  Result<Environment> read(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return environment_with(path_.string());
  }

  std::filesystem::path path_;
};

TEST_F(EnvFile, GivesVariablesAboveThoseOfTheProcess) {
  setenv("WEIR_TEST_BELOW", "process", 1);
  setenv("WEIR_TEST_KEPT", "process", 1);
  const auto environment = read(
      "# a comment\n\n  WEIR_TEST_BELOW = file \nQUOTED=\" a # b \"\nSINGLE='x'\nEMPTY=\n"
      "EQUALS=a=b\r\nONE=\"\n");
  ASSERT_TRUE(environment) << environment.error().message;
  EXPECT_EQ(environment->variable("WEIR_TEST_BELOW"), "file");
  EXPECT_EQ(environment->variable("WEIR_TEST_KEPT"), "process");
  EXPECT_EQ(environment->variable("QUOTED"), " a # b ");
  EXPECT_EQ(environment->variable("SINGLE"), "x");
  EXPECT_EQ(environment->variable("EMPTY"), "");
  EXPECT_EQ(environment->variable("EQUALS"), "a=b");
  EXPECT_EQ(environment->variable("ONE"), "\"");
  EXPECT_EQ(environment->variable("WEIR_TEST_NEITHER"), std::nullopt);
}

TEST_F(EnvFile, NamesTheLineThatIsNone) {
  for (const char* line : {"NAME", "=x", "1A=x", "A B=x", "A-B=x"}) {
    const auto environment = read(std::string("OK=1\n") + line + "\n");
    ASSERT_FALSE(environment) << line;
    EXPECT_EQ(environment.error().message, path_.string() + ":2: expected NAME=VALUE");
    EXPECT_EQ(environment.error().origin, ErrorOrigin::Config);
  }
}

TEST_F(EnvFile, MustBeThere) {
  const auto environment = environment_with(path_.string());
  ASSERT_FALSE(environment);
  EXPECT_EQ(environment.error().origin, ErrorOrigin::System);
}

}  // namespace
}  // namespace weir::config
