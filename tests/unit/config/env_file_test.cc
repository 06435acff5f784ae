#include "config/env_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace weir::config {
namespace {

class EnvFile : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(testing::TempDir()) /
            ("weir_env_" + std::to_string(getpid()) +
             testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  void TearDown() override { std::filesystem::remove(path_); }

  Result<Environment> read(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return environment_with(path_.string(), problems_);
  }

  std::filesystem::path path_;
  std::vector<EnvProblem> problems_;
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

TEST_F(EnvFile, TakesEachNameOnce) {
  ASSERT_TRUE(read("A=1\nB=1\n A = 2\nA=1\n"));
  ASSERT_EQ(problems_.size(), 2u);
  EXPECT_EQ(problems_[0].line, 3u);
  EXPECT_EQ(problems_[0].column, 2u);
  EXPECT_EQ(problems_[0].message, "the same name stands on line 1");
  EXPECT_EQ(problems_[1].line, 4u);
}

TEST_F(EnvFile, NamesEveryLineThatIsNone) {
  ASSERT_TRUE(read("OK=1\nNAME\n=x\n1A=x\nA B=x\nA-B=x\n \texport A-B=x\n"));
  ASSERT_EQ(problems_.size(), 6u);
  for (std::size_t i = 0; i < problems_.size(); ++i) {
    EXPECT_EQ(problems_[i].message, "expected NAME=VALUE");
    EXPECT_EQ(problems_[i].line, i + 2);
    EXPECT_TRUE(problems_[i].lost);
    EXPECT_EQ(problems_[i].column, i == 5 ? 3u : 1u);
  }
}

TEST_F(EnvFile, SaysToLeaveExportOut) {
  const auto environment = read("export A=1\n");
  ASSERT_TRUE(environment);
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_EQ(problems_[0].message, "leave export out: expected NAME=VALUE");
  EXPECT_FALSE(problems_[0].lost);
  EXPECT_EQ(environment->variable("A"), "1") << "what is meant is clear";
}

TEST_F(EnvFile, MustBeThere) {
  const auto environment = environment_with(path_.string(), problems_);
  ASSERT_FALSE(environment);
  EXPECT_EQ(environment.error().origin, ErrorOrigin::System);
}

}  // namespace
}  // namespace weir::config
