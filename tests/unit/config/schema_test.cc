#include "config/schema.h"

#include <chrono>
#include <ctime>

#include <gtest/gtest.h>

#include "tests/unit/config/load.h"
#include "tests/unit/config/mini_file.h"

namespace weir::config {
namespace {

using namespace std::chrono_literals;
using test::Loaded;
using test::problems;

struct Plain {
  std::string text = "normal";
  bool flag = false;
  std::uint8_t small = 7;
  std::int64_t large = 0;
  double number = 0;
  std::chrono::milliseconds time{5s};
  Size size = 1_KiB;
  std::vector<std::uint32_t> ports{1, 2};
  Map<std::chrono::milliseconds> times;
  std::string token = "t0ps3cret";
  Bytes bytes;

  static constexpr auto fields = std::tuple{
      field("text", &Plain::text, ""),     field("flag", &Plain::flag, ""),
      field("small", &Plain::small, ""),   field("large", &Plain::large, ""),
      field("number", &Plain::number, ""), field("time", &Plain::time, "").at_most(1min),
      field("size", &Plain::size, ""),     field("ports", &Plain::ports, "").range(1, 65535),
      field("times", &Plain::times, ""),   field("token", &Plain::token, "").secret(),
      field("bytes", &Plain::bytes, "")};
};

TEST(Schema, KeepsTheDefaultsOfWhatIsNotWritten) {
  Loaded<Plain> loaded;
  EXPECT_TRUE(test::load("flag: true\n", loaded));
  EXPECT_TRUE(loaded.value.flag);
  EXPECT_EQ(loaded.value.text, "normal");
  EXPECT_EQ(loaded.value.small, 7);
  EXPECT_EQ(loaded.value.time, 5s);
  EXPECT_EQ(loaded.value.ports, (std::vector<std::uint32_t>{1, 2}));
}

TEST(Schema, ReadsEveryKindOfScalar) {
  Loaded<Plain> loaded;
  EXPECT_TRUE(
      test::load("text: 1.0\nflag: on\nsmall: 255\nlarge: -9223372036854775808\n"
                 "number: -2.5\ntime: 1m\nsize: 4MiB\nports: [80, 443]\n"
                 "times: { b: 1s, a: 2s }\nbytes: { base64: Zm8= }\n",
                 loaded))
      << loaded.text();
  const Plain& value = loaded.value;
  EXPECT_EQ(value.text, "1.0");
  EXPECT_TRUE(value.flag);
  EXPECT_EQ(value.small, 255);
  EXPECT_EQ(value.large, INT64_MIN);
  EXPECT_DOUBLE_EQ(value.number, -2.5);
  EXPECT_EQ(value.time, 1min);
  EXPECT_EQ(value.size, 4_MiB);
  EXPECT_EQ(value.ports, (std::vector<std::uint32_t>{80, 443}));
  EXPECT_EQ(value.bytes.value, "fo");
  ASSERT_EQ(value.times.size(), 2u);
  EXPECT_EQ(value.times.begin()->name, "b");
  EXPECT_EQ(value.times.begin()->where, (Position{0, 9, 10}));
  EXPECT_EQ(*value.times.find("a"), 2s);
  EXPECT_EQ(value.times.find("c"), nullptr);
}

TEST(Schema, TakesQuotedTextForAnyScalar) {
  Loaded<Plain> loaded;
  EXPECT_TRUE(test::load("flag: \"true\"\nsmall: '3'\ntime: \"2s\"\n", loaded)) << loaded.text();
  EXPECT_EQ(loaded.value.time, 2s);
}

TEST(Schema, RefusesIntegersBeyondTheirType) {
  EXPECT_EQ(problems<Plain>("small: 256\n"),
            "dir/a.yaml:1:8: error: small: '256' is out of range: must be at most 255\n");
  EXPECT_EQ(problems<Plain>("small: -1\n"),
            "dir/a.yaml:1:8: error: small: '-1' is out of range: must be at least 0\n");
}

TEST(Schema, ChecksTheRangeOfEachItem) {
  EXPECT_EQ(problems<Plain>("ports: [ 80, 0, 65536 ]\ntime: 61s\n"),
            "dir/a.yaml:1:14: error: ports[1]: '0' is out of range: must be between 1 and 65535\n"
            "dir/a.yaml:1:17: error: ports[2]: '65536' is out of range: must be between 1 and "
            "65535\n"
            "dir/a.yaml:2:7: error: time: '61s' is out of range: must be at most 1m\n");
}

TEST(Schema, ReportsAllProblemsAndReadsTheRest) {
  Loaded<Plain> loaded;
  EXPECT_FALSE(test::load("flag: yes\nsmall: x\ntime: 2s\nnumber: [ ]\n", loaded));
  EXPECT_EQ(loaded.diagnostics.errors(), 3u);
  EXPECT_EQ(loaded.value.time, 2s);
}

struct Secret {
  std::chrono::milliseconds time{};

  static constexpr auto fields = std::tuple{field("time", &Secret::time, "").secret()};
};

TEST(Schema, NeverShowsASecret) {
  EXPECT_EQ(problems<Secret>("time: hunter2\n").find("hunter2"), std::string::npos);
  EXPECT_EQ(problems<Plain>("token:\n").find("t0ps3cret"), std::string::npos);
}

TEST(Schema, ShortensLongValuesInMessages) {
  const std::string text = problems<Plain>("time: " + std::string(5000, 'x') + "\n");
  EXPECT_LT(text.size(), 250u);
  EXPECT_NE(text.find("…'"), std::string::npos);
}

TEST(Schema, ReplacesVariablesInValuesButNeverMakesStructureOfThem) {
  test::Fakes fakes;
  fakes.variables["TIME"] = "3s";
  fakes.variables["TRICK"] = "a\nflag: true";
  fakes.variables["LIST"] = "[1, 2]";
  Loaded<Plain> loaded;
  EXPECT_TRUE(test::load("time: ${TIME}\ntext: ${TRICK}\n", loaded, fakes));
  EXPECT_EQ(loaded.value.time, 3s);
  EXPECT_EQ(loaded.value.text, "a\nflag: true");
  EXPECT_FALSE(loaded.value.flag);
  EXPECT_EQ(problems<Plain>("ports: ${LIST}\n", fakes),
            "dir/a.yaml:1:8: error: ports: expected a list, found text\n");
}

TEST(Schema, MakesNotesOfMissingVariablesWhenOffline) {
  Loaded<Plain> loaded;
  EXPECT_TRUE(test::load("time: ${TIME}\nsmall: 3\n", loaded, {}, true));
  EXPECT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.value.time, 5s);
  EXPECT_EQ(loaded.value.small, 3);
  EXPECT_EQ(loaded.text(),
            "dir/a.yaml:1:7: note: time: the variable TIME is not set; ${TIME:-…} would give a "
            "default\n");
}

TEST(Schema, LeavesVerbatimTextAlone) {
  Loaded<mini::Lua> loaded;
  EXPECT_TRUE(test::load("source: \"${X} $${Y}\"\n", loaded));
  EXPECT_EQ(loaded.value.source, "${X} $${Y}");
}

TEST(Schema, HandsATreeOnWithItsVariablesReplaced) {
  test::Fakes fakes;
  fakes.variables["X"] = "y";
  Loaded<mini::Plugin> loaded;
  EXPECT_TRUE(test::load("id: a\nconfig: { list: [ \"${X}\" ], none: ~ }\n", loaded, fakes));
  EXPECT_EQ(loaded.value.config.find("list")->items()[0].text(), "y");
  EXPECT_TRUE(loaded.value.config.find("none")->is_null());
  EXPECT_EQ(problems<mini::Plugin>("id: a\nconfig: { list: [ \"${X}\" ] }\n"),
            "dir/a.yaml:2:19: error: config.list[0]: the variable X is not set; ${X:-…} would give "
            "a default\n");
}

TEST(Schema, KeepsPositionsForLaterChecks) {
  Loaded<mini::Route> loaded;
  EXPECT_TRUE(test::load("name: a\ncluster: b\n", loaded));
  EXPECT_EQ(loaded.value.where, (Position{0, 1, 1}));
  ASSERT_TRUE(loaded.value.cluster);
  EXPECT_EQ(loaded.value.cluster->value, "b");
  EXPECT_EQ(loaded.value.cluster->where, (Position{0, 2, 10}));
}

TEST(Schema, EmptiesAnOptionalOnOffWhereThatIsDeclared) {
  Loaded<mini::Route> loaded;
  EXPECT_TRUE(test::load("{ cluster: b, idle_timeout: off, total_timeout: 1h }", loaded));
  EXPECT_EQ(loaded.value.idle_timeout, std::nullopt);
  EXPECT_EQ(loaded.value.total_timeout, 1h);
  EXPECT_FALSE(problems<mini::Route>("{ cluster: b, timeout: off }").empty());
}

TEST(Schema, ReadsOneValueAsAListWhereThatIsDeclared) {
  Loaded<mini::Match> loaded;
  EXPECT_TRUE(test::load("{ host: a, headers: { x: 1, y: [ 2, 3 ] } }", loaded)) << loaded.text();
  EXPECT_EQ(loaded.value.host, (std::vector<std::string>{"a"}));
  EXPECT_EQ(*loaded.value.headers.find("x"), (std::vector<std::string>{"1"}));
  EXPECT_EQ(*loaded.value.headers.find("y"), (std::vector<std::string>{"2", "3"}));
  EXPECT_EQ(problems<mini::Route>("{ cluster: b, cookie_keys: a }"),
            "dir/a.yaml:1:28: error: cookie_keys: expected a list, found text\n");
}

TEST(Schema, ReadsStructsInsideThemselves) {
  Loaded<mini::Match> loaded;
  EXPECT_TRUE(test::load("not: { not: { path: /x } }", loaded)) << loaded.text();
  EXPECT_EQ(loaded.value.inverse->inverse->path, "/x");
}

TEST(ShortForm, OfOneScalarIsAWholeStruct) {
  Loaded<mini::Endpoint> loaded;
  EXPECT_TRUE(test::load("10.0.0.1:80", loaded)) << loaded.text();
  EXPECT_EQ(loaded.value.address, "10.0.0.1:80");
  EXPECT_EQ(loaded.value.weight, 1u);
}

TEST(ShortForm, KeepsItsVariablesForTheLongForm) {
  test::Fakes fakes;
  fakes.variables["A"] = "$${x}:80";
  Loaded<mini::Endpoint> loaded;
  EXPECT_TRUE(test::load("\"${A}\"", loaded, fakes));
  EXPECT_EQ(loaded.value.address, "$${x}:80");
}

TEST(ShortForm, OfAChoiceIsItsName) {
  test::Fakes fakes;
  fakes.variables["POLICY"] = "random";
  Loaded<mini::Balance> loaded;
  EXPECT_TRUE(test::load("\"${POLICY}\"", loaded, fakes)) << loaded.text();
  EXPECT_TRUE(loaded.value.random);
  EXPECT_FALSE(loaded.value.maglev);
  EXPECT_EQ(problems<mini::Balance>("maglev"),
            "dir/a.yaml:1:1: error: maglev.key: missing and required: what is hashed\n");
  EXPECT_EQ(problems<mini::Balance>("randm"),
            "dir/a.yaml:1:1: error: 'randm' is not random, least_request or maglev, did you mean "
            "'random'?\n");
}

TEST(ShortForm, OfOffSwitchesOff) {
  for (const char* text : {"off", "false"}) {
    Loaded<mini::RateLimit> loaded;
    EXPECT_TRUE(test::load(text, loaded)) << loaded.text();
    EXPECT_FALSE(loaded.value.enabled);
  }
  EXPECT_EQ(problems<mini::RateLimit>("nope"),
            "dir/a.yaml:1:1: error: expected a map (rate_limit), found text\n");
}

struct Answer {
  std::uint16_t status = 0;
  std::string body;

  static constexpr auto fields =
      std::tuple{field("status", &Answer::status, ""), field("body", &Answer::body, "")};
  static void expand(Node& node) {
    if (!node.is_scalar()) return;
    Node map = Node::map(node.where());
    map.add("status", std::move(node));
    node = std::move(map);
  }
};

TEST(ShortForm, CanBeAnyFunctionOfTheType) {
  Loaded<Answer> loaded;
  EXPECT_TRUE(test::load("404", loaded));
  EXPECT_EQ(loaded.value.status, 404);
}

TEST(Choice, IsExactlyOneOfItsFields) {
  EXPECT_EQ(problems<mini::Route>("{ name: a }"),
            "dir/a.yaml:1:1: error: no action: write one of cluster, redirect or respond\n");
  EXPECT_EQ(problems<mini::Route>("{ redirect: a, cluster: b, respond: {} }"),
            "dir/a.yaml:1:16: error: cluster: 'redirect' and 'cluster' exclude each other: one "
            "action only\n"
            "dir/a.yaml:1:28: error: respond: 'cluster' and 'respond' exclude each other: one "
            "action only\n");
}

TEST(Choice, MayBeLeftOutWhenOnlyAtMostOneIsDeclared) {
  EXPECT_EQ(problems<mini::Match>("{ host: a }"), "");
  EXPECT_EQ(problems<mini::Match>("{ path: a, prefix: b }"),
            "dir/a.yaml:1:12: error: prefix: 'path' and 'prefix' exclude each other: one path "
            "only\n");
}

TEST(UnknownKey, NamesTheNearestOneAndCountsAsWritten) {
  EXPECT_EQ(problems<mini::Endpoint>("{ adress: a }"),
            "dir/a.yaml:1:3: error: adress: unknown key, did you mean 'address'?\n");
  EXPECT_EQ(problems<mini::Route>("{ clsuter: a }"),
            "dir/a.yaml:1:3: error: clsuter: unknown key, did you mean 'cluster'?\n");
}

TEST(UnknownKey, ListsTheKeysOfASmallStruct) {
  EXPECT_EQ(problems<mini::Router>("{ routes: a, colour: b }"),
            "dir/a.yaml:1:14: error: colour: unknown key; known here: routes\n");
}

TEST(Required, SaysWhatIsMissing) {
  EXPECT_EQ(problems<mini::Mirror>("{ percent: 1 }"),
            "dir/a.yaml:1:1: error: cluster: missing and required: who gets the copies\n");
}

TEST(EmptyValue, NamesDeletingTheLineAndTheDefault) {
  EXPECT_EQ(problems<Plain>("time:\n"),
            "dir/a.yaml:1:1: error: time: has no value: write one, or delete the line for the "
            "default, 5s\n");
  EXPECT_EQ(problems<Plain>("ports: ~\n"),
            "dir/a.yaml:1:1: error: ports: has no value: write one, or delete the line for the "
            "default, [1, 2]\n");
  EXPECT_EQ(problems<mini::Route>("{ cluster: a, total_timeout: }"),
            "dir/a.yaml:1:15: error: total_timeout: has no value: write one, or delete the line "
            "for the default, off\n");
}

TEST(KeyedList, NamesItemsByKeyAndRefusesTwoOfOneName) {
  EXPECT_EQ(problems<mini::Cluster>("endpoints: [ a:1, { address: a:1, weight: x } ]"),
            "dir/a.yaml:1:19: error: endpoints[a:1]: 'a:1' stands twice in this list; the first is "
            "on line 1, column 14\n"
            "dir/a.yaml:1:43: error: endpoints[a:1].weight: 'x' is not a whole number\n");
}

TEST(Check, RunsAlsoBesideWhatCouldNotBeRead) {
  EXPECT_EQ(problems<mini::RateLimit>("{ burst: 5 }"),
            "dir/a.yaml:1:1: error: a rate is needed while it is enabled\n");
  EXPECT_EQ(problems<mini::RateLimit>("{ burst: x }"),
            "dir/a.yaml:1:1: error: a rate is needed while it is enabled\n"
            "dir/a.yaml:1:10: error: burst: 'x' is not a whole number\n");
}

TEST(Check, SaysNothingThatFollowsFromWhatCouldNotBeRead) {
  EXPECT_EQ(problems<mini::RateLimit>("{ rate: x }"),
            "dir/a.yaml:1:9: error: rate: 'x' is not a rate: write a whole number and /s, /min, "
            "/h or /d\n");
  EXPECT_EQ(problems<mini::RateLimit>("{ rat: 5/s }"),
            "dir/a.yaml:1:3: error: rat: unknown key, did you mean 'rate'?\n");
}

TEST(BytesValue, IsTextHexOrBase64) {
  const auto bytes = [](std::string text) {
    Loaded<Bytes> loaded;
    return test::load(std::move(text), loaded) ? loaded.value.value : loaded.text();
  };
  EXPECT_EQ(bytes("plain"), "plain");
  EXPECT_EQ(bytes("{ text: \"a\\r\\n\" }"), "a\r\n");
  EXPECT_EQ(bytes("{ hex: 0aff }"), "\x0a\xff");
  EXPECT_EQ(bytes("{ base64: Zg== }"), "f");
  EXPECT_EQ(bytes("{ hex: 0af }"),
            "dir/a.yaml:1:8: error: hex: the value has an odd number of hexadecimal digits\n");
  EXPECT_EQ(bytes("{ hex: 00, text: a }"),
            "dir/a.yaml:1:12: error: text: 'hex' and 'text' exclude each other: one notation "
            "only\n");
  EXPECT_EQ(bytes("[]"), "dir/a.yaml:1:1: error: expected a map (bytes), found a list\n");
}

// Puts each of several wrong things at each place of a sound tree in turn.
void replace_each(const Node& sound, Node& node, const auto& judge) {
  const Node kept = node;
  for (const Node& wrong :
       {Node::null({0, 1, 1}), Node::scalar({0, 1, 1}, "?"), Node::list({0, 1, 1}),
        Node::map({0, 1, 1}), Node::scalar({0, 1, 1}, "${unset}")}) {
    node = wrong;
    judge();
  }
  node = kept;
  for (Node& item : node.items()) replace_each(sound, item, judge);
  for (NodeEntry& entry : node.entries()) replace_each(sound, entry.value, judge);
}

TEST(Schema, SurvivesWrongTypesAtEveryPlace) {
  Loaded<mini::File> loaded;
  ASSERT_TRUE(test::load(
      "workers: 4\nlisteners: { a: { address: x, filters: [ http, { rate_limit: { rate: 1/s } },\n"
      "  { plugin: { id: x, config: { a: [ b ] } } }, { lua: { source: x } },\n"
      "  { router: { routes: x } } ] } }\n"
      "routes: { x: [ { name: a, match: { host: [ a ], headers: { b: c }, not: { path: d } },\n"
      "  respond: { status: 200, body: { hex: 00 } }, idle_timeout: off, cookie_keys: [ x ] } ] }\n"
      "clusters: { c: { endpoints: [ a, { address: b, labels: { z: y } } ], balance: random } }\n",
      loaded))
      << loaded.text();
  Node tree = *loaded.tree;
  std::size_t judged = 0;
  replace_each(*loaded.tree, tree, [&] {
    const test::Fakes fakes;
    Diagnostics diagnostics;
    Interpolator interpolator(loaded.sources, fakes.environment());
    Reading reading(diagnostics, interpolator);
    mini::File file;
    const bool ok = read(tree, file, reading);
    EXPECT_EQ(ok, diagnostics.ok());
    EXPECT_EQ(reading.path().text(), "");
    ++judged;
  });
  EXPECT_GT(judged, 200u);
}

TEST(Schema, ReadsTenThousandRoutesFast) {
  std::string text = "routes:\n  shop:\n";
  for (int i = 0; i < 10'000; ++i) {
    const std::string number = std::to_string(i);
    text += "    - name: r" + number + "\n      match: { host: [ h" + number +
            ".example, www.example ], prefix: /" + number +
            ", headers: { x: \"1\" } }\n      cluster: c\n      timeout: 5s\n";
  }
  Loaded<mini::File> loaded;
  const std::clock_t start = std::clock();
  EXPECT_TRUE(test::load(std::move(text), loaded));
  const auto taken = std::chrono::microseconds((std::clock() - start) * 1'000'000 / CLOCKS_PER_SEC);
  EXPECT_EQ(loaded.value.routes.find("shop")->size(), 10'000u);
  RecordProperty(
      "milliseconds",
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()));
  EXPECT_LT(taken, 30s) << "generous, for slow machines and sanitizers";
}

}  // namespace
}  // namespace weir::config
