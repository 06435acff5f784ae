#include "config/interpolate.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/config/load.h"

namespace weir::config {
namespace {

class Interpolation : public ::testing::Test {
 protected:
  std::string expand(std::string_view text) {
    auto result = interpolator_.expand(text, source_);
    return result ? *result : "error: " + result.error().message;
  }

  test::Fakes fakes_{{{"A", "1"}, {"EMPTY", ""}, {"TRAP", "${A}"}},
                     {{"/etc/key", "secret\r\n"}, {"/etc/two", "a\n\n"}, {"/abs", "x"}}};
  Sources sources_;
  std::uint32_t source_ = sources_.add("/etc/a.yaml", "");
  Interpolator interpolator_{sources_, fakes_.environment()};
};

TEST_F(Interpolation, ReplacesVariablesAnywhereInTheText) {
  EXPECT_EQ(expand("${A}"), "1");
  EXPECT_EQ(expand("a${A}b${A}"), "a1b1");
  EXPECT_EQ(expand("no dollar"), "no dollar");
}

TEST_F(Interpolation, RefusesAVariableThatIsNotSet) {
  EXPECT_EQ(expand("${B}"), "error: the variable B is not set; ${B:-…} would give a default");
  EXPECT_EQ(expand("${EMPTY}"), "");
}

TEST_F(Interpolation, TellsWhatIsMalformedBeforeWhatIsNotHere) {
  EXPECT_EQ(expand("${B} ${}").substr(0, 34), "error: ${} names no variable; a na");
  EXPECT_EQ(expand("${B} ${file:gone} ${").substr(0, 20), "error: '${' has no '");
  EXPECT_EQ(expand("${file:gone} ${B}"), "error: cannot open /etc/gone");
}

TEST_F(Interpolation, TakesTheDefaultWhenUnsetOrEmpty) {
  EXPECT_EQ(expand("${B:-[::]:80}"), "[::]:80");
  EXPECT_EQ(expand("${EMPTY:-x}"), "x");
  EXPECT_EQ(expand("${A:-x}"), "1");
  EXPECT_EQ(expand("${B:-}"), "");
}

TEST_F(Interpolation, SaysTheMessageWhenUnsetOrEmpty) {
  EXPECT_EQ(expand("${B:?set it}"), "error: the variable B is not set: set it");
  EXPECT_EQ(expand("${EMPTY:?}"), "error: the variable EMPTY is not set");
  EXPECT_EQ(expand("${A:?set it}"), "1");
}

TEST_F(Interpolation, TakesFilesRelativeToTheSourceWithoutTheirFinalNewline) {
  EXPECT_EQ(expand("${file:key}"), "secret");
  EXPECT_EQ(expand("${file:two}"), "a\n");
  EXPECT_EQ(expand("${file:/abs}"), "x");
  EXPECT_EQ(expand("${file:gone}"), "error: cannot open /etc/gone");
  EXPECT_EQ(expand("${file:}"), "error: ${file:} names no file");
  std::vector<std::string> paths;
  for (const FilesRead::File& file : interpolator_.files().files()) paths.push_back(file.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"/etc/key", "/etc/two", "/abs", "/etc/gone"}));
}

TEST_F(Interpolation, NamesEachFileOnce) {
  EXPECT_EQ(expand("${file:key}${file:key}"), "secretsecret");
  EXPECT_EQ(interpolator_.files().files().size(), 1u);
}

TEST_F(Interpolation, DoesNotLookAtWhatItPutIn) {
  EXPECT_EQ(expand("${TRAP}"), "${A}");
}

TEST_F(Interpolation, LeavesLiteralDollars) {
  EXPECT_EQ(expand("$${A}"), "${A}");
  EXPECT_EQ(expand("$$"), "$$");
  EXPECT_EQ(expand("$$${A}"), "$1") << "each $$ in front of a { is a $";
  EXPECT_EQ(expand("a$$$${A}"), "a$${A}");
  EXPECT_EQ(expand("${A}$$$${A}$$$$${A}"), "1$${A}$$1");
  EXPECT_EQ(expand("$A $"), "$A $");
  EXPECT_EQ(expand("^/x$"), "^/x$");
  EXPECT_EQ(expand("$${${A}"), "${1");
}

TEST_F(Interpolation, RefusesWhatItDoesNotUnderstand) {
  for (const char* text : {"${", "${A", "${}", "${1A}", "${A B}", "${A-x}", "${A:x}", "${A:}",
                           "${A:-${A}}", "${:-x}", "${env:A}"}) {
    EXPECT_TRUE(expand(text).starts_with("error: ")) << text;
  }
}

class ProcessEnvironment : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ =
        std::filesystem::temp_directory_path() / ("weir_interpolate." + std::to_string(::getpid()));
    std::filesystem::create_directory(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string file(std::size_t size) {
    const std::string path = directory_ / "file";
    std::ofstream(path) << std::string(size, 'x');
    return path;
  }

  std::filesystem::path directory_;
};

TEST_F(ProcessEnvironment, HasTheVariablesOfTheProcess) {
  ::setenv("WEIR_TEST_VARIABLE", "value", 1);
  const Environment environment = process_environment();
  EXPECT_EQ(environment.variable("WEIR_TEST_VARIABLE"), "value");
  ::unsetenv("WEIR_TEST_VARIABLE");
  EXPECT_EQ(environment.variable("WEIR_TEST_VARIABLE"), std::nullopt);
}

TEST_F(ProcessEnvironment, ReadsFilesUpToALimit) {
  const Environment environment = process_environment();
  EXPECT_EQ(environment.file(file(3)).value(), "xxx");
  EXPECT_EQ(environment.file(file(kMaxInterpolatedFile)).value().size(), kMaxInterpolatedFile);
  const std::string larger = file(kMaxInterpolatedFile + 1);
  EXPECT_EQ(environment.file(larger).error().message, larger + " is larger than 1MiB");
}

TEST_F(ProcessEnvironment, RefusesWhatIsNoReadableFile) {
  const Environment environment = process_environment();
  EXPECT_FALSE(environment.file(directory_ / "gone"));
  EXPECT_EQ(environment.file(directory_).error().message,
            "cannot read " + directory_.string() + ": Is a directory");
}

}  // namespace
}  // namespace weir::config
