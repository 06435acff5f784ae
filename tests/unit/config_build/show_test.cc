#include "config/build/show.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/build/check.h"

namespace weir::config {
namespace {

constexpr const char* kBase =
    "listeners: { web: { address: 127.0.0.1:80, filters: [ http, { router: { routes: r } } ] } }\n"
    "routes: { r: [ { name: all, cluster: c, timeout: 10s } ] }\n"
    "clusters: { c: { endpoints: [ 10.0.0.1:80, 10.0.0.2:80 ] } }\n";

class Show : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::path(testing::TempDir()) / "weir-show-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    base_ = write("base.yaml", kBase);
    over_ = write("over.yaml", "routes: { r: [ { name: all, timeout: 30s } ] }\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  // What is shown, without the names of folders.
  std::string shown(const ShowOptions& options, std::vector<std::string> sets = {}) {
    const Shown shown = show({.paths = {base_, over_}, .sets = std::move(sets)}, options);
    std::string text = shown.text + shown.problems;
    const std::string prefix = folder_.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  std::filesystem::path folder_;
  std::string base_;
  std::string over_;
};

TEST_F(Show, GivesAConfigurationThatComesToTheSame) {
  for (const bool json : {false, true}) {
    const Shown first = show({.paths = {base_, over_}}, {.json = json});
    EXPECT_EQ(first.problems, "");
    const std::string again = write("again.yaml", first.text);
    EXPECT_EQ(check({.paths = {again}}, {}).verdict, Verdict::Sound);
    EXPECT_EQ(show({.paths = {again}}, {.json = json}).text, first.text);
  }
}

TEST_F(Show, WritesNumbersAndBooleansAsJsonHasThem) {
  setenv("WEIR_SHOW_WORKERS", "3", 1);
  const std::string file =
      write("typed.yaml",
            "workers: \"${WEIR_SHOW_WORKERS}\"\nwatch: on\n"
            "overload: { descriptors: 80%, memory: 8MiB }\n"
            "listeners:\n"
            "  web:\n"
            "    address: 127.0.0.1:8080\n    max_connections: \"0070\"\n"
            "    filters: [ { http: { max_request_headers: 50 } }, { headers: { request: { set: { "
            "a: 1, b: "
            "true } } }, enabled: false }, { router: { routes: r } } ]\n"
            "routes: { r: [ { name: all, match: { port: [ 8080, 8000-9000 ], percent: 5% }, "
            "cluster: c } ] }\n"
            "clusters: { c: { endpoints: [ { address: 10.0.0.1:80, weight: 3 } ] } }\n");
  const Shown typed = show({.paths = {file}}, {.json = true});
  EXPECT_EQ(typed.problems, "");
  std::string text = typed.text;
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  for (const char* part :
       {"\"workers\":\"${WEIR_SHOW_WORKERS}\"", "\"watch\":true", "\"descriptors\":\"80%\"",
        "\"max_connections\":70", "\"max_request_headers\":50", "\"enabled\":false",
        "\"set\":{\"a\":\"1\",\"b\":\"true\"}", "\"port\":[8080,\"8000-9000\"]", "\"percent\":5",
        "\"weight\":3"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
  const std::string again = write("again.yaml", typed.text);
  EXPECT_EQ(check({.paths = {again}}, {}).verdict, Verdict::Sound);
  EXPECT_EQ(show({.paths = {again}}, {.json = true}).text, typed.text);
  const Shown one =
      show({.paths = {file}}, {.path = "listeners.web.max_connections", .json = true});
  EXPECT_NE(one.text.find("\"value\": 70"), std::string::npos) << one.text;
  EXPECT_NE(one.text.find("\"value\": 10000"), std::string::npos) << one.text;
}

TEST_F(Show, TellsWhereEachValueComesFrom) {
  EXPECT_EQ(shown({.origins = true}, {"workers=2"}),
            "listeners:\n"
            "  web:\n"
            "    address: 127.0.0.1:80  # base.yaml:1:30\n"
            "    filters:\n"
            "      - http  # base.yaml:1:55\n"
            "      - router:\n"
            "          routes: r  # base.yaml:1:81\n"
            "routes:\n"
            "  r:\n"
            "    - name: all  # base.yaml:2:24\n"
            "      cluster: c  # base.yaml:2:38\n"
            "      timeout: 30s  # over.yaml:1:38\n"
            "clusters:\n"
            "  c:\n"
            "    endpoints:\n"
            "      - 10.0.0.1:80  # base.yaml:3:31\n"
            "      - 10.0.0.2:80  # base.yaml:3:44\n"
            "workers: 2  # --set workers\n");
}

TEST_F(Show, GivesAValueOfEveryLayerTheOldestFirst) {
  EXPECT_EQ(shown({.path = "routes.r.all.timeout"}, {"routes.r.all.timeout=31s"}),
            "default: 15s\n"
            "base.yaml:2:50: 10s\n"
            "over.yaml:1:38: 30s\n"
            "--set routes.r.all.timeout: 31s\n");
  EXPECT_EQ(shown({.path = "clusters.c.endpoints[10.0.0.2:80]"},
                  {"clusters.c.endpoints[10.0.0.2:80].weight=3", "clusters.c={ $patch: delete }"}),
            "base.yaml:3:44: 10.0.0.2:80\n"
            "--set clusters.c.endpoints[10.0.0.2:80].weight:\n"
            "  address: 10.0.0.2:80\n"
            "  weight: 3\n"
            "--set clusters.c: deleted\n" +
                base_.substr(folder_.string().size() + 1) +
                ":2:38: error: routes.r.all.cluster: there is no cluster 'c'; it is deleted at "
                "--set clusters.c\n");
  EXPECT_EQ(shown({.path = "clusters.c.endpoints[10.0.0.2:80].weight"}), "default: 1\n");
  EXPECT_EQ(shown({.path = "listeners.web.filters.http.header_timeout"}), "default: 10s\n");
  EXPECT_EQ(shown({.path = "drain_timeout", .json = true}, {"drain_timeout=1m"}),
            "[\n"
            "  {\n"
            "    \"layer\": \"default\",\n"
            "    \"value\": \"30s\"\n"
            "  },\n"
            "  {\n"
            "    \"layer\": \"--set drain_timeout\",\n"
            "    \"value\": \"1m\"\n"
            "  }\n"
            "]\n");
}

TEST_F(Show, MeansTheSameWhereverItIsWrittenDown) {
  std::filesystem::create_directory(folder_ / "far");
  write("far/page.txt", "far");
  write("far/timeout", "7s\n");
  write("page.txt", "near");
  const std::string far = write("far/weir.yaml",
                                "drain_timeout: ${file:timeout}\n"
                                "routes: { r: [ { name: page, match: { path: /p }, respond: { "
                                "body: { file: page.txt } } } ] }\n"
                                "access_log: { path: ../log }\n"
                                "clusters: { c: { endpoints: [ \"unix:c.sock\" ] } }\n"
                                "listeners: { web: { address: \"unix:web.sock\" } }\n");
  const Shown first = show({.paths = {base_, far}}, {});
  const std::string again = write("again.yaml", first.text);
  EXPECT_EQ(show({.paths = {again}}, {}).text, first.text);
  for (const char* path : {"far/page.txt", "far/timeout", "log", "far/c.sock", "far/web.sock"}) {
    EXPECT_NE(first.text.find((folder_ / path).string()), std::string::npos) << path << first.text;
  }
}

TEST_F(Show, LeavesThatThereIsNoFileAsItIs) {
  const std::string off = write("off.yaml", "state_file: off\nadmin: { socket: off }\n");
  const std::string text = show({.paths = {base_, off}}, {}).text;
  EXPECT_NE(text.find("state_file: off\n"), std::string::npos) << text;
  EXPECT_NE(text.find("socket: off\n"), std::string::npos) << text;
}

TEST_F(Show, SaysWhatThePathCouldHaveMeant) {
  EXPECT_EQ(shown({.path = "listeners.web.adress"}),
            "error: listeners.web.adress: there is no 'adress', did you mean 'address'?\n");
  EXPECT_EQ(shown({.path = "routes.r.other.timeout"}),
            "error: routes.r.other.timeout: there is no 'other'\n");
  EXPECT_EQ(shown({.path = "routs"}),
            "error: routs: there is no 'routs', did you mean 'routes'?\n");
  EXPECT_EQ(shown({.path = "listeners.web.filters.http.header_timout"}),
            "error: listeners.web.filters.http.header_timout: there is no 'header_timout', did you "
            "mean 'header_timeout'?\n");
  EXPECT_EQ(shown({.path = "listeners.web.local_replies"}),
            "error: listeners.web.local_replies: nothing writes 'local_replies', and it has no "
            "default\n");
  EXPECT_EQ(show({.paths = {base_}}, {.path = "a["}).verdict, Verdict::AtFault);
}

TEST_F(Show, ShowsWhatIsWrongToo) {
  EXPECT_NE(shown({}, {"workers=many"}).find("workers: many\n"), std::string::npos);
  const Shown both = show({.paths = {base_}, .sets = {"workers=many"}}, {});
  EXPECT_EQ(both.verdict, Verdict::AtFault);
  EXPECT_EQ(both.problems, "--set workers: error: workers: 'many' is not a whole number\n");
}

}  // namespace
}  // namespace weir::config
