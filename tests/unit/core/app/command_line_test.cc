#include "core/app/command_line.h"

#include <gtest/gtest.h>

#include "core/app/exit_status.h"

namespace weir::app {
namespace {

using Words = std::vector<std::string>;

std::optional<int> parse(CommandLine& line, Words words) {
  words.insert(words.begin(), "verb");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return line.parse(arguments);
}

// What is said on standard error about a command line that is wrong.
std::string complaint(CommandLine& line, const Words& words) {
  testing::internal::CaptureStderr();
  const auto done = parse(line, words);
  std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(done, kUsage);
  return said.substr(0, said.find('\n'));
}

TEST(CommandLine, TellsOptionsFromPositionals) {
  CommandLine line("about", "weir verb");
  std::string name;
  Words headers;
  Words files;
  std::optional<unsigned> workers;
  bool json = false;
  const Option given = line.add_option("--name", name);
  line.add_repeated("-H", headers, "");
  line.add_option("files", files, "");
  line.add_option("--workers", workers, "").between(1u, 8u);
  line.add_flag("--json", json, "");
  EXPECT_EQ(parse(line, {"-H", "a", "one", "-H", "b", "two", "--json", "--workers=3"}),
            std::nullopt);
  EXPECT_EQ(headers, (Words{"a", "b"}));
  EXPECT_EQ(files, (Words{"one", "two"}));
  EXPECT_EQ(workers, 3u);
  EXPECT_TRUE(json);
  EXPECT_FALSE(given.given());
}

TEST(CommandLine, PrintsNothingThatATerminalObeys) {
  CommandLine line("about", "weir verb");
  std::string word;
  line.add_option("--word", word).one_of({"a", "b"});
  EXPECT_EQ(complaint(line, {"--word", "\x1b[1m\u202e"}), "--word: \\x1b[1m\\u202e not in {a,b}");
  EXPECT_EQ(complaint(line, {"\x1b"}), "The following argument was not expected: \\x1b");
}

TEST(CommandLine, SaysWhatIsWrongWithAValue) {
  CommandLine line("about", "weir verb");
  std::string word = "a";
  int count = 1;
  line.add_option("--word", word).one_of({"a", "b"}).check([](const std::string& text) {
    return text == "b" ? "not today" : std::string();
  });
  line.add_option("--count", count, "").between(1, 9);
  EXPECT_EQ(complaint(line, {"--word", "c"}), "--word: c not in {a,b}");
  EXPECT_EQ(complaint(line, {"--word", "b"}), "--word: not today");
  EXPECT_EQ(complaint(line, {"--count", "10"}), "--count: Value 10 not in range 1 to 9");
  EXPECT_EQ(complaint(line, {"--other"}), "The following argument was not expected: --other");
}

TEST(CommandLine, SaysHowAConfigurationIsNamed) {
  for (const bool positional : {false, true}) {
    CommandLine line("about", "weir verb");
    config::ConfigInput input;
    std::string path;
    if (positional) line.add_option("path", path);
    add_config_options(line, input);
    const std::string file = testing::TempDir();
    const std::string how = "weir verb: a configuration is named with -c: write -c " + file;
    EXPECT_EQ(complaint(line, {file}), how);
    EXPECT_EQ(complaint(line, {"-c", "a", "b", file}), how);
    EXPECT_NE(complaint(line, {file + "/none"}), how);
  }
}

TEST(CommandLine, CallsTheInnermostVerbThatWasChosen) {
  CommandLine line("about", "weir verb");
  std::string socket;
  std::string calls;
  line.add_option("--socket", socket);
  line.require_verb();
  CommandLine& list = line.add_verb("list", "");
  list.on_chosen([&] { calls += "list "; });
  list.add_verb("clear", "").on_chosen([&] { calls += "clear "; });
  EXPECT_EQ(parse(line, {"list"}), std::nullopt);
  EXPECT_EQ(parse(line, {"list", "clear", "--socket", "here"}), std::nullopt);
  EXPECT_EQ(calls, "list clear ");
  EXPECT_EQ(socket, "here");
  EXPECT_EQ(complaint(line, {}), "A subcommand is required");
}

TEST(CommandLine, AsksWhetherOptionsGoTogetherBeforeAnythingIsDone) {
  CommandLine line("about", "weir verb");
  std::string wait;
  bool called = false;
  CommandLine& verb = line.add_verb("up", "");
  const Option waits = verb.add_option("--wait", wait);
  verb.check([&] { return waits.given() ? "--wait: is for down" : std::string(); });
  verb.on_chosen([&] { called = true; });
  EXPECT_EQ(complaint(line, {"up", "--wait", "1s"}), "--wait: is for down");
  EXPECT_FALSE(called);
  EXPECT_EQ(parse(line, {"up"}), std::nullopt);
  EXPECT_TRUE(called);
}

}  // namespace
}  // namespace weir::app
