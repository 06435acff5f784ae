#include "config/build/diff.h"

#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/build/filter_types.h"
#include "config/diff.h"
#include "config/model/file.h"
#include "config/reader.h"
#include "filters/builtin.h"

namespace weir::config {
namespace {

constexpr const char* kBefore =
    "listeners:\n"
    "  web:\n"
    "    address: 127.0.0.1:80\n"
    "    filters: [ http, { headers: {} }, { router: { routes: r } } ]\n"
    "routes:\n"
    "  r:\n"
    "    - { name: one, match: { path: /1, client_ip: [ 10.0.0.0/8, 10.1.0.0/16 ] }, cluster: c }\n"
    "    - { name: two, match: { path: /2 }, cluster: c }\n"
    "    - { name: all, cluster: c, timeout: 10s }\n"
    "clusters: { c: { endpoints: [ 10.0.0.1:80, 10.0.0.2:80 ] } }\n";
constexpr const char* kAfter =
    "workers: 2\n"
    "listeners:\n"
    "  web:\n"
    "    address: 127.0.0.1:81\n"
    "    filters: [ { http: { max_requests: 9 } }, { router: { routes: r } } ]\n"
    "routes:\n"
    "  r:\n"
    "    - { name: two, match: { path: /2 }, cluster: { c: 2, d: 1 } }\n"
    "    - { name: one, match: { path: /1, client_ip: [ 10.1.0.0/16, 10.2.0.0/16 ] }, cluster: c "
    "}\n"
    "    - { name: new, match: { path: /n }, cluster: c }\n"
    "    - { name: all, cluster: c, timeout: 30s }\n"
    "clusters: { c: { endpoints: [ { address: 10.0.0.1:80 }, 10.0.0.3:80 ] }, d: { endpoints: [ "
    "10.0.0.4:80 ] } }\n";

// A listener for the routes `r`, with a cluster.
const std::string kRest =
    "listeners: { web: { address: 127.0.0.1:80, filters: [ http, { router: { routes: r } } ] } }\n"
    "clusters: { c: { endpoints: [ 10.0.0.1:80 ] }, d: { endpoints: [ 10.0.0.2:80 ] } }\n";

class Diff : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::path(testing::TempDir()) / "weir-diff-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  ConfigInput write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return {.paths = {(folder_ / name).string()}};
  }
  std::string without_folder(std::string text) {
    const std::string prefix = folder_.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  std::filesystem::path folder_;
};

TEST_F(Diff, IsNothingBetweenTwoSpellingsOfTheSame) {
  const auto before = write("a.yaml", kBefore);
  const Diffed same = diff(before, before, {});
  EXPECT_EQ(same.text, "");
  EXPECT_EQ(same.verdict, Verdict::Sound);
  std::string other = kBefore;
  other.replace(other.find("[ http,"), 7, "[ { http: {} },");
  other.replace(other.find("[ 10.0.0.0/8, 10.1.0.0/16 ]"), 27, "[ 10.1.0.0/16, 10.0.0.0/8 ]");
  other.replace(other.find("10.0.0.2:80 ]"), 13, "{ address: 10.0.0.2:80 } ]");
  EXPECT_EQ(diff(before, write("b.yaml", other), {}).text, "");
  std::string chains = kBefore;
  const std::string filters = "filters: [ http, { headers: {} }, { router: { routes: r } } ]";
  chains.replace(chains.find(filters), filters.size(),
                 "chains: [ { name: default, " + filters + " } ]");
  EXPECT_EQ(diff(before, write("c.yaml", chains), {}).text, "");
}

TEST_F(Diff, IsNothingBetweenOffAndFalse) {
  const auto switched = [](const std::string& word) {
    std::string text = kBefore;
    text.replace(text.find("10s }"), 5, word + " }");
    return text + "log: { level: " + word + " }\n";
  };
  EXPECT_EQ(diff(write("a.yaml", switched("off")), write("b.yaml", switched("false")), {}).text,
            "");
}

TEST_F(Diff, ComparesWhatIsMeantAndNotHowItIsWritten) {
  const auto bare = write("a.yaml", kBefore);
  std::string other = kBefore;
  const auto change = [&other](const std::string& from, const std::string& to) {
    other.replace(other.find(from), from.size(), to);
  };
  change("address: 127.0.0.1:80\n",
         "address: [ 127.0.0.1:80 ]\n    backlog: 1024\n    access_log: stdout\n"
         "    freebind: off\n    accept: []\n");
  change("[ http,", "[ { http: { max_request_head: 60KiB, trusted_proxies: [] }, name: http },");
  change("{ headers: {} }", "{ headers: { request: {} }, enabled: on }");
  change("cluster: c, timeout: 10s", "cluster: c, timeout: 10000ms, upgrade: websocket, match: {}");
  change("match: { path: /2 }, cluster: c", "match: { path: /2 }, cluster: { c: 7 }");
  change("10.0.0.2:80 ]",
         "10.0.0.2:80 ], limits: { queue: 256 }, idle_timeout: 60s, balance: round_robin");
  const auto written = write("b.yaml", other + "drain_timeout: 30000ms\n");
  const std::string presence = "+ listeners.web.access_log: stdout  b.yaml:5:17\n";
  EXPECT_EQ(without_folder(diff(bare, written, {}).text), presence)
      << "a log of its own is one, even when it is like that of the process";
  EXPECT_EQ(without_folder(diff(written, bare, {}).text),
            "- listeners.web.access_log: stdout  b.yaml:5:17\n");
  const auto changed = write("c.yaml", other + "drain_timeout: 31s\n");
  EXPECT_EQ(
      without_folder(diff(bare, changed, {}).text),
      "+ listeners.web.access_log: stdout  c.yaml:5:17\n+ drain_timeout: 31s  c.yaml:15:16\n");
}

// The structs that a value of `type` may hold.
void collect(const TypeInfo& type, std::set<const TypeInfo*>& structs) {
  if (type.element != nullptr) return collect(type.element(), structs);
  if (type.shape != Shape::Struct || !structs.insert(&type).second) return;
  for (const FieldInfo& field : type.structure()->fields) collect(field.type(), structs);
}

// The YAML of the default of a field, or empty when it has none that can be written.
std::string default_of(const StructInfo& structure, const FieldInfo& field) {
  return field.rules.usual ? "{}" : show_default(structure, field);
}

TEST(Differences, AreNotMadeByWritingADefault) {
  const FilterSchema filters = FilterTypes(filters::builtin_filters()).schema();
  std::set<const TypeInfo*> structs;
  collect(type_info<model::File>(), structs);
  for (const auto& [name, type] : filters.types) collect(*type.settings, structs);
  Sources sources;
  Diagnostics diagnostics;
  Interpolator interpolator(sources, process_environment());
  Reading reading(diagnostics, interpolator);
  std::size_t written = 0;
  for (const TypeInfo* type : structs) {
    for (const FieldInfo& field : type->structure()->fields) {
      const std::string normal = default_of(*type->structure(), field);
      if (normal.empty()) continue;
      const std::string text = std::string(field.name) + ": " + normal + "\n";
      auto with = read_yaml(sources, sources.add("default", text), diagnostics);
      ASSERT_TRUE(with) << text << to_text(diagnostics, sources);
      Node without = Node::map({});
      const Rules no_rules;
      const ValueSchema schema{*type, no_rules};
      const auto between = [&](Node& a, Node& b) {
        return differences(filters, schema, {a, reading}, {b, reading});
      };
      EXPECT_TRUE(between(without, *with).empty()) << text;
      EXPECT_TRUE(between(*with, without).empty()) << text;
      ++written;
    }
  }
  EXPECT_GT(written, 50u);
}

TEST_F(Diff, NamesWhatCameWentChangedAndMoved) {
  const Diffed found = diff(write("a.yaml", kBefore), write("b.yaml", kAfter), {});
  EXPECT_EQ(found.problems, "");
  EXPECT_EQ(without_folder(found.text),
            "+ workers: 2 (waits for a restart)  b.yaml:1:10\n"
            "~ listeners.web.address: 127.0.0.1:80 -> 127.0.0.1:81  b.yaml:4:14\n"
            "+ listeners.web.filters.http.max_requests: 9  b.yaml:5:40\n"
            "- listeners.web.filters.headers  a.yaml:4:22\n"
            "~ routes.r.two.cluster: c -> { c: 2, d: 1 }  b.yaml:8:50\n"
            "^ routes.r.one: stands elsewhere  b.yaml:9:7\n"
            "+ routes.r.one.match.client_ip: 10.2.0.0/16  b.yaml:9:65\n"
            "- routes.r.one.match.client_ip: 10.0.0.0/8  a.yaml:7:52\n"
            "+ routes.r.new  b.yaml:10:7\n"
            "~ routes.r.all.timeout: 10s -> 30s  b.yaml:11:41\n"
            "+ clusters.c.endpoints[10.0.0.3:80]  b.yaml:12:57\n"
            "- clusters.c.endpoints[10.0.0.2:80]  a.yaml:10:44\n"
            "+ clusters.d  b.yaml:12:77\n");
  const Diffed json = diff(write("a.yaml", kBefore), write("b.yaml", kAfter), {.json = true});
  EXPECT_NE(json.text.find("\"kind\": \"moved\""), std::string::npos) << json.text;
}

TEST_F(Diff, TellsTheFewestItemsAsMoved) {
  const auto with = [](const std::vector<std::string>& names) {
    std::string text = "routes:\n  r:\n";
    for (const std::string& name : names) {
      text += "    - { name: " + name + ", match: { path: /" + name + " }, cluster: c }\n";
    }
    return text + kRest;
  };
  const auto before = write("a.yaml", with({"a", "b", "c", "z"}));
  const auto moved = [&](const std::vector<std::string>& names) {
    return without_folder(diff(before, write("b.yaml", with(names)), {}).text);
  };
  EXPECT_EQ(moved({"c", "a", "b", "z"}), "^ routes.r.c: stands elsewhere  b.yaml:3:7\n");
  EXPECT_EQ(moved({"b", "c", "a", "z"}), "^ routes.r.a: stands elsewhere  b.yaml:5:7\n");
  EXPECT_EQ(moved({"c", "n", "a", "z"}),
            "+ routes.r.n  b.yaml:4:7\n^ routes.r.a: stands elsewhere  b.yaml:5:7\n"
            "- routes.r.b  a.yaml:4:7\n");
}

TEST_F(Diff, ComparesItemsWithoutANameWithThoseThatAreLikeThem) {
  const auto with = [](const std::vector<std::string>& paths) {
    std::string text = "routes:\n  r:\n";
    for (const std::string& path : paths) {
      text += "    - { match: { path: " + path + " }, cluster: c }\n";
    }
    return text + kRest;
  };
  const auto before = write("a.yaml", with({"/a", "/b", "[ /c, /d ]"}));
  const auto found = [&](const std::vector<std::string>& paths) {
    return without_folder(diff(before, write("b.yaml", with(paths)), {}).text);
  };
  EXPECT_EQ(found({"/n", "/a", "{ exact: /b }", "[ /d, /c ]"}), "+ routes.r[0]  b.yaml:3:7\n");
  EXPECT_EQ(found({"/a", "/n", "[ /c, /d ]"}), "~ routes.r[1].match.path: /b -> /n  b.yaml:4:24\n");
  EXPECT_EQ(found({"/b", "[ /c, /d ]"}), "- routes.r[0]  a.yaml:3:7\n");
}

TEST_F(Diff, IsNothingBetweenNamesOfHeadersInCapitalsAndWithout) {
  const auto with = [](const std::string& x, const std::string& y) {
    return "routes: { r: [ { name: a, match: { headers: { " + x +
           ": a } }, cluster: { c: 1, d: 1 }, " + "request_headers: { set: { " + x +
           ": a }, append: { " + y + ": b }, remove: [ X-C, " + y +
           "-2 ] } },\n { name: b, respond: { headers: { " + y + ": c } } } ] }\n" + kRest;
  };
  const auto capitals = write("a.yaml", with("X-A", "X-B"));
  const auto small = write("b.yaml", with("x-a", "x-b"));
  EXPECT_EQ(diff(capitals, small, {}).problems, "");
  EXPECT_EQ(diff(capitals, small, {}).text, "");
  EXPECT_EQ(without_folder(diff(capitals, write("c.yaml", with("x-z", "x-b")), {}).text),
            "+ routes.r.a.match.headers.x-z: a  c.yaml:1:52\n"
            "- routes.r.a.match.headers.X-A: a  a.yaml:1:52\n"
            "+ routes.r.a.request_headers.set.x-z: a  c.yaml:1:115\n"
            "- routes.r.a.request_headers.set.X-A: a  a.yaml:1:115\n");
}

TEST_F(Diff, IsNothingBetweenTwoOrdersOfWhatHasNone) {
  const auto with = [](const std::string& host, const std::string& path, const std::string& methods,
                       const std::string& header) {
    return "routes: { r: [ { match: { host: " + host + ", path: " + path + ", methods: " + methods +
           ", headers: { x-a: " + header + " } }, cluster: { c: 1, d: 1 } } ] }\n" + kRest;
  };
  const auto one = write("a.yaml", with("[ a, { suffix: .b }, c ]", "[ /1, { prefix: /2 } ]",
                                        "[ GET, PUT ]", "[ a, { not: b } ]"));
  const auto other =
      write("b.yaml", with("[ c, { exact: a }, { suffix: .b } ]", "[ { prefix: /2 }, /1 ]",
                           "[ PUT, GET ]", "[ { not: { exact: b } }, a ]"));
  EXPECT_EQ(diff(one, other, {}).problems, "");
  EXPECT_EQ(diff(one, other, {}).text, "");
  const auto less = write("c.yaml", with("[ c, { exact: a } ]", "[ { prefix: /2 }, /1 ]",
                                         "[ PUT, GET ]", "[ { not: { exact: b } }, a ]"));
  EXPECT_EQ(without_folder(diff(one, less, {}).text),
            "~ routes.r[0].match.host: a list -> a list  c.yaml:1:33\n");
}

TEST_F(Diff, IsNothingBetweenTheShortFormOfAMirrorAndTheLongOne) {
  const auto with = [](const std::string& mirror) {
    return "routes: { r: [ { cluster: c, mirror: " + mirror + " } ] }\n" + kRest;
  };
  const auto brief = write("a.yaml", with("d"));
  for (const char* same : {"[ d ]", "{ cluster: d }", "[ { percent: 100, cluster: d } ]"}) {
    EXPECT_EQ(diff(brief, write("b.yaml", with(same)), {}).text, "") << same;
    EXPECT_EQ(diff(write("b.yaml", with(same)), brief, {}).text, "") << same;
  }
  const auto both = write("b.yaml", with("[ d, { cluster: c, percent: 5 } ]"));
  EXPECT_EQ(diff(both, write("c.yaml", with("[ { percent: 5, cluster: c }, d ]")), {}).text, "");
  EXPECT_NE(diff(brief, both, {}).text, "");
}

TEST_F(Diff, ComparesVariablesByTheirValues) {
  const std::string rest = "routes: { r: [ { cluster: c } ] }\n" + kRest;
  auto before =
      write("a.yaml", "workers: ${WEIR_DIFF_N}\ndrain_timeout: ${WEIR_DIFF_T:-30s}\n" + rest);
  auto after = write("b.yaml", "workers: 2\n" + rest);
  before.variables["WEIR_DIFF_N"] = after.variables["WEIR_DIFF_N"] = "2";
  EXPECT_EQ(diff(before, after, {}).text, "");
  EXPECT_EQ(diff(before, before, {}).text, "");
  auto later = before;
  later.variables["WEIR_DIFF_T"] = "31s";
  EXPECT_EQ(without_folder(diff(before, later, {}).text),
            "~ drain_timeout: ${WEIR_DIFF_T:-30s} -> ${WEIR_DIFF_T:-30s} (the values of its "
            "variables)  a.yaml:2:16\n");
  EXPECT_NE(diff(before, later, {.json = true}).text.find("\"other_values\": true"),
            std::string::npos);
  later.env = (folder_ / "env").string();
  std::ofstream(later.env) << "WEIR_DIFF_T=30s\n";
  EXPECT_EQ(diff(before, later, {}).text, "") << "a file of variables is above all others";
}

TEST_F(Diff, SaysWhatAReloadCannotBringAbout) {
  const auto with = [](const std::string& rest) {
    return "listeners: { web: { address: \"[::]:80\", " + rest +
           "filters: [ { tcp_proxy: { cluster: c } } ] } }\n"
           "clusters: { c: { endpoints: [ 10.0.0.1:80 ] } }\n";
  };
  const auto before = write("a.yaml", with("backlog: 100, "));
  const auto after = write("b.yaml", with("backlog: 200, ipv6_only: true, max_connections: 5, "));
  EXPECT_EQ(without_folder(diff(before, after, {}).text),
            "~ listeners.web.backlog: 100 -> 200 (waits for a restart, or another address)  "
            "b.yaml:1:50\n"
            "+ listeners.web.ipv6_only: true (waits for a restart, or another address)  "
            "b.yaml:1:66\n"
            "+ listeners.web.max_connections: 5  b.yaml:1:89\n");
  const Diffed json = diff(before, after, {.json = true});
  EXPECT_NE(json.text.find("\"waits_for\": \"a restart, or another address\""), std::string::npos)
      << json.text;
}

TEST_F(Diff, NeedsTwoSoundConfigurations) {
  const auto good = write("a.yaml", kBefore);
  const Diffed bad = diff(good, write("b.yaml", "workers: x\n"), {});
  EXPECT_EQ(bad.verdict, Verdict::AtFault);
  EXPECT_EQ(bad.text, "");
  EXPECT_NE(bad.problems.find("b.yaml:1:10: error: workers"), std::string::npos);
  EXPECT_EQ(diff({.paths = {"/nonexistent"}}, good, {}).verdict, Verdict::Unreadable);
}

}  // namespace
}  // namespace weir::config
