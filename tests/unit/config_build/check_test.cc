#include "config/build/check.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/build/config_source.h"

namespace weir::config {
namespace {

// A file of its own for each test.
class Check : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(testing::TempDir()) /
            ("weir_check_" + std::to_string(getpid()) +
             testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml");
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string write(const std::string& text) {
    std::ofstream(path_) << text;
    return path_.string();
  }

  std::filesystem::path path_;
};

Checked check_file(const std::string& path, const CheckOptions& options) {
  return check({.paths = {path}}, options);
}

constexpr const char* kSound =
    "listeners: { db: { address: 127.0.0.1:1, filters: [ { tcp_proxy: { cluster: a } } ] } }\n"
    "clusters: { a: { endpoints: [ 127.0.0.1:2 ] } }\n";
constexpr const char* kUnused =
    "listeners: { db: { address: 127.0.0.1:1, filters: [ { tcp_proxy: { cluster: a } } ] } }\n"
    "routes: { r: [ { redirect: https } ] }\n"
    "clusters: { a: { endpoints: [ 127.0.0.1:2 ] } }\n";

TEST_F(Check, SaysNothingOfASoundFile) {
  const Checked checked = check_file(write(kSound), {});
  EXPECT_EQ(checked.verdict, Verdict::Sound);
  EXPECT_EQ(checked.report, "");
}

TEST_F(Check, NamesEachProblemWithItsPlace) {
  const std::string path = write("workers: x\nlistener: {}\n");
  const Checked checked = check_file(path, {});
  EXPECT_EQ(checked.verdict, Verdict::AtFault);
  EXPECT_EQ(checked.report, path + ":1:10: error: workers: 'x' is not a whole number\n" + path +
                                ":2:1: error: listener: unknown key, did you mean 'listeners'?\n");
}

TEST_F(Check, JudgesTheLengthOfTheSocketsOfAFileFromWhereItIs) {
  const std::string name(104, 'x');
  const std::string text = "listeners: { db: { address: \"unix:" + name +
                           "\", filters: [ { tcp_proxy: { cluster: a } } ] } }\n"
                           "clusters: { a: { endpoints: [ \"unix:" +
                           name + "\" ] } }\n";
  const Checked checked = check_file(write(text), {});
  EXPECT_EQ(checked.verdict, Verdict::AtFault);
  for (const char* where :
       {":1:29: error: listeners.db.address: ", ":2:31: error: clusters.a.endpoints"}) {
    EXPECT_NE(checked.report.find(where), std::string::npos) << checked.report;
  }
  EXPECT_NE(checked.report.find("has at most 107 bytes"), std::string::npos) << checked.report;
}

TEST_F(Check, WarnsOfTestsThatNobodyCanAskWhichAStartTakes) {
  const std::string path =
      write(std::string(kSound) +
            "tests: [ { request: \"GET http://a:81/\", expect: { status: 200 } "
            "} ]\n");
  const Checked checked = check_file(path, {});
  EXPECT_EQ(checked.verdict, Verdict::Sound);
  EXPECT_EQ(checked.report, path +
                                ":3:21: warning: tests[0].request: no listener has port 81: they "
                                "have 1\n");
  EXPECT_EQ(check_file(path, {.strict = true}).verdict, Verdict::AtFault);
  ConfigSource source({.paths = {path}});
  const auto loaded = source.load(1);
  EXPECT_NE(loaded.snapshot, nullptr);
  EXPECT_TRUE(loaded.problems.empty());
}

TEST_F(Check, TellsWhatIsNoYamlBesideWrongVariables) {
  const std::string path = write("workers: ${WEIR_TEST_NONE}\nlisteners: [\n");
  const std::string env = path + ".env";
  std::ofstream(env) << "export\n";
  const Checked checked = check({.paths = {path + ".gone", path}, .env = env}, {});
  EXPECT_EQ(checked.verdict, Verdict::Unreadable);
  EXPECT_NE(checked.report.find(env + ":1:1: error: expected NAME=VALUE"), std::string::npos);
  EXPECT_NE(checked.report.find("error: cannot open " + path + ".gone"), std::string::npos);
  EXPECT_NE(checked.report.find(path + ":3:1: error: expected ',' or ']'"), std::string::npos);
  EXPECT_EQ(checked.report.find("WEIR_TEST_NONE"), std::string::npos);
  std::filesystem::remove(env);
}

TEST_F(Check, TakesVariablesFromAFile) {
  const std::string path = write("workers: ${WEIR_TEST_WORKERS}\n" + std::string(kSound));
  const std::string env = path + ".env";
  std::ofstream(env) << "WEIR_TEST_WORKERS=2\n";
  EXPECT_EQ(check_file(path, {}).verdict, Verdict::AtFault);
  EXPECT_EQ(check({.paths = {path}, .env = env}, {}).verdict, Verdict::Sound);
  std::ofstream(env) << "  WEIR_TEST_WORKERS\n";
  // The line is not shown, which may have a secret. It may have set what is used.
  EXPECT_EQ(check({.paths = {path}, .env = env}, {.style = {.source_lines = true}}).report,
            env + ":1:3: error: expected NAME=VALUE\n" + path +
                ":1:10: note: workers: the variable WEIR_TEST_WORKERS is not set; "
                "${WEIR_TEST_WORKERS:-…} would give a default\n"
                "  workers: ${WEIR_TEST_WORKERS}\n           ^\n");
  std::filesystem::remove(env);
  EXPECT_EQ(check({.paths = {path}, .env = env}, {}).verdict, Verdict::Unreadable);
}

TEST_F(Check, NotesWhatIsMissingHereWhenTheConfigurationIsOfElsewhere) {
  const std::string path =
      write("workers: ${WEIR_TEST_WORKERS}\ndrain_timeout: ${file:gone}\n" + std::string(kSound));
  const Checked checked = check_file(path, {.strict = true, .offline = true});
  EXPECT_EQ(checked.verdict, Verdict::Sound);
  EXPECT_NE(checked.report.find(":1:10: note: workers: the variable"), std::string::npos);
  EXPECT_NE(checked.report.find(":2:16: note: drain_timeout: cannot open"), std::string::npos);
}

TEST_F(Check, NotesWhatIsMissingHereOnceHoweverOftenItIsRead) {
  const std::string path = write(
      "listeners:\n"
      "  db: { address: 127.0.0.1:1, filters: [ { tcp_proxy: { cluster: \"${WEIR_TEST_C}\" } } ] "
      "}\n");
  EXPECT_EQ(check_file(path, {.offline = true}).report,
            path +
                ":2:66: note: listeners.db.filters.tcp_proxy.cluster: the variable WEIR_TEST_C is "
                "not set; ${WEIR_TEST_C:-…} would give a default\n");
}

TEST_F(Check, SaysNothingElseOfWhatIsMissingHere) {
  const std::string path = write(
      "include: gone.yaml\n"
      "listeners: { web: { address: 127.0.0.1:1, filters: [ http, { router: { routes: \"${R}\" } } "
      "] } }\n"
      "routes: { r: [ { name: a, match: { host: \"api.${H}\", methods: \"${M}\" "
      "},\n"
      "  redirect: \"${U}\" } ] }\n");
  const Checked checked = check_file(path, {.offline = true});
  EXPECT_EQ(checked.verdict, Verdict::Sound) << checked.report;
  EXPECT_EQ(checked.report.find("error"), std::string::npos) << checked.report;
}

TEST_F(Check, SaysNothingOfWhatFollowsFromListsWhoseItemsAreMissingHere) {
  const std::string path = write(
      "listeners:\n"
      "  web:\n"
      "    address: [ \"${A}\" ]\n"
      "    accept: [ { ip_filter: { deny: [ \"${D}\" ] } } ]\n"
      "    chains:\n"
      "      - { name: some, match: { client_ip: \"${C}\" }, filters: [ { tcp_proxy: { cluster: c "
      "} } ] "
      "}\n"
      "      - { name: all, filters: [ http, { router: { routes: r } } ] }\n"
      "routes:\n"
      "  r:\n"
      "    - { name: host, match: { host: [ \"${H}\" ] }, cluster: c, retry: { when: \"${W}\" } }\n"
      "    - { name: prefix, match: { prefix: \"${P}\" }, redirect: { path: \"/a\" } }\n"
      "    - { name: headers, match: { headers: { x: [ \"${X}\" ] } }, cluster: c }\n"
      "    - { name: percent, match: { path: /p, percent: \"${N}\" }, cluster: { c: 1, d: 1 } }\n"
      "    - { name: rest, match: { path: /a }, redirect: https }\n"
      "clusters: { c: { endpoints: [ \"${E}\" ] }, d: { endpoints: [ { address: \"${F}\" } ] } "
      "}\n");
  const Checked checked = check_file(path, {.strict = true, .offline = true});
  EXPECT_EQ(checked.verdict, Verdict::Sound) << checked.report;
}

TEST_F(Check, RefusesWeightsThatComeToMoreThanCanBeCounted) {
  std::string weights;
  for (int i = 0; i < 4295; ++i) weights += "c" + std::to_string(i) + ": 1000000, ";
  const std::string path =
      write(std::string(kSound) + "routes: { r: [ { cluster: { " + weights + "a: 1 } } ] }\n");
  EXPECT_NE(check_file(path, {}).report.find(
                ":3:27: error: routes.r[0].cluster: the weights are too many or too large\n"),
            std::string::npos);
}

TEST_F(Check, TakesWarningsAsErrorsWhenItIsStrict) {
  const std::string path = write(kUnused);
  EXPECT_EQ(check_file(path, {}).verdict, Verdict::Sound);
  EXPECT_NE(check_file(path, {}).report, "");
  const Checked strict = check_file(path, {.strict = true});
  EXPECT_EQ(strict.verdict, Verdict::AtFault);
  EXPECT_NE(strict.report.find(": error: "), std::string::npos) << strict.report;
  EXPECT_EQ(strict.report.find("warning"), std::string::npos) << strict.report;
  EXPECT_NE(check_file(path, {.strict = true, .json = true}).report.find("\"errors\": 1,"),
            std::string::npos)
      << check_file(path, {.strict = true, .json = true}).report;
}

// A list of routes: `count` of `{ match: … }` with the number in place of each "#".
std::string routes_of(int count, const std::string& match) {
  std::string text =
      "listeners: { web: { address: 127.0.0.1:1, filters: [ http, { router: { routes: r } } ] } }\n"
      "routes:\n  r:\n    - { match: { path: /first }, redirect: https }\n";
  for (int i = 0; i < count; ++i) {
    std::string numbered = match;
    for (std::size_t at; (at = numbered.find('#')) != numbered.npos;) {
      numbered.replace(at, 1, std::to_string(i));
    }
    text += "    - { match: { " + numbered + " }, redirect: https }\n";
  }
  return text;
}

TEST_F(Check, WarnsOnceOfManyRoutesThatAreTriedOneAfterTheOther) {
  const std::string path = write(routes_of(101, "path: /a, headers: { x: { prefix: \"#-\" } }"));
  EXPECT_EQ(check_file(path, {}).report,
            path +
                ":5:7: warning: routes.r[1]: is the first of 101 routes that are tried one after "
                "the other for each request: tell them apart by an exact host or path, a "
                "prefix, a method, or an exact header, query parameter or cookie\n");
  for (const char* match :
       {"path: { suffix: \"/#\" }", "host: { prefix: \"#.\" }", "query: { x: { regex: \"#\" } }"}) {
    EXPECT_NE(check_file(write(routes_of(101, match)), {}).report, "") << match;
    EXPECT_EQ(check_file(write(routes_of(100, match)), {}).report, "") << match;
  }
}

TEST_F(Check, SaysNothingOfManyRoutesThatAreFoundAtOnce) {
  for (const char* match :
       {"path: /#", "prefix: \"/#\"", "regex: \"/#/.*\"", "host: h#", "host: \"*.h#\"",
        "headers: { x: \"#\" }", "path: /a, headers: { x: \"#\", y: { prefix: \"#\" } }",
        "query: { x: [ \"#\", \"a#\" ] }"}) {
    EXPECT_EQ(check_file(write(routes_of(500, match)), {}).report, "") << match;
  }
}

TEST_F(Check, PrintsJsonForTools) {
  const Checked sound = check_file(write(kSound), {.json = true});
  EXPECT_NE(sound.report.find("\"errors\""), std::string::npos) << sound.report;
  const Checked faulty = check_file(write("workers: x\n"), {.json = true});
  EXPECT_NE(faulty.report.find("\"path\""), std::string::npos) << faulty.report;
}

TEST_F(Check, TellsAFileThatCannotBeReadFromOneThatIsWrong) {
  const Checked checked = check_file(path_.string(), {});
  EXPECT_EQ(checked.verdict, Verdict::Unreadable);
  EXPECT_NE(checked.report.find(path_.string()), std::string::npos) << checked.report;
}

TEST_F(Check, FindsTheSameProblemsAsAStart) {
  ConfigSource source({.paths = {write("workers: x\n")}});
  const server::LoadedSnapshot loaded = source.load(1);
  EXPECT_EQ(loaded.snapshot, nullptr);
  ASSERT_EQ(loaded.problems.size(), 2u);
  EXPECT_EQ(loaded.problems[0].text + '\n' + loaded.problems[1].text + '\n',
            check_file(path_.string(), {}).report);
}

TEST_F(Check, ReadsTheFileAnewForEachSnapshot) {
  ConfigSource source({.paths = {write(kSound)}});
  EXPECT_NE(source.load(1).snapshot, nullptr);
  write("workers: x\n");
  EXPECT_EQ(source.load(2).snapshot, nullptr);
  write(kUnused);
  const server::LoadedSnapshot third = source.load(3);
  ASSERT_NE(third.snapshot, nullptr);
  EXPECT_EQ(third.snapshot->number, 3u);
  EXPECT_EQ(third.problems.size(), 1u);
}

}  // namespace
}  // namespace weir::config
