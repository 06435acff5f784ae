#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "config/build/check.h"
#include "config/build/config_source.h"
#include "config/filter_item.h"
#include "tests/unit/config_build/load.h"

namespace weir::config {
namespace {

std::set<std::string> yaml_files(const std::string& folder) {
  std::set<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") paths.insert(entry.path().string());
  }
  return paths;
}

constexpr const char* kLater = "examples/later";

// Those that this version runs.
std::set<std::string> examples() {
  std::set<std::string> paths = yaml_files("examples");
  for (const std::string& later : yaml_files(kLater)) paths.erase(later);
  return paths;
}

// The whole of what is wrong with a configuration of elsewhere, each thing once: filters and keys
// by name, others by their message.
std::set<std::string> unknown_things(const std::string& path) {
  StateRegistry states;
  Loading loading(states);
  loading.offline = true;
  loading.load_files({.paths = {path}}, filters::builtin_filters());
  std::set<std::string> things;
  for (const Diagnostic& problem : loading.diagnostics.sorted()) {
    if (problem.severity != Severity::Error) continue;
    constexpr std::string_view kFilter = "there is no filter '";
    if (problem.message.starts_with(kFilter)) {
      const std::string rest = problem.message.substr(kFilter.size());
      things.insert("filter " + rest.substr(0, rest.find('\'')));
    } else if (problem.message.starts_with("unknown key")) {
      things.insert("key " + problem.path.substr(problem.path.rfind('.') + 1));
    } else {
      things.insert(problem.message);
    }
  }
  return things;
}

// The names of the filters of the listener `edge`, and of the routes of the list `shop`.
std::vector<std::string> filters_and_routes(const std::string& path) {
  StateRegistry states;
  Loading loading(states);
  loading.offline = true;
  loading.load_files({.paths = {path}}, filters::builtin_filters());
  std::vector<std::string> names;
  const Node& merged = loading.merged;
  for (const Node& item : merged.find("listeners")->find("edge")->find("filters")->items()) {
    names.push_back(filter_name(item));
  }
  for (const Node& item : merged.find("routes")->find("shop")->items()) {
    names.push_back(item.find("name")->text());
  }
  return names;
}

// The blocks of `yaml` in a page.
std::vector<std::string> yaml_blocks(const std::string& page) {
  std::vector<std::string> blocks;
  bool inside = false;
  std::ifstream in(page);
  for (std::string line; std::getline(in, line);) {
    if (inside && line != "```") {
      blocks.back() += line + '\n';
    } else {
      inside = !inside && line == "```yaml";
      if (inside) blocks.emplace_back();
    }
  }
  return blocks;
}

// Folders of logs and sockets that they name may be missing here.
TEST(Examples, AreSoundWithoutAWarning) {
  ASSERT_GE(examples().size(), 4u);
  for (const std::string& path : examples()) {
    const Checked checked = check({.paths = {path}}, {.strict = true, .offline = true});
    EXPECT_EQ(checked.verdict, Verdict::Sound) << path << checked.report;
  }
}

TEST(Examples, BecomeSnapshots) {
  for (const std::string& path : examples()) {
    ConfigSource source({.paths = {path}});
    const server::LoadedSnapshot loaded = source.load(7);
    ASSERT_NE(loaded.snapshot, nullptr) << path;
    EXPECT_EQ(loaded.snapshot->number, 7u);
    EXPECT_EQ(loaded.snapshot->files.at(0), path);
  }
}

using Words = std::vector<std::string>;

TEST(Examples, OfLayersComeToWhatTheySay) {
  EXPECT_EQ(filters_and_routes("examples/layers/staging.yaml"),
            (Words{"http", "headers", "router", "api", "rest"}));
  EXPECT_EQ(filters_and_routes("examples/layers/sites/ams1.yaml"),
            (Words{"http", "ip_filter", "headers", "router", "api", "beta", "rest"}));
  ConfigSource source({.paths = {"examples/layers/sites/ams1.yaml"}});
  const auto snapshot = source.load(1).snapshot;
  ASSERT_NE(snapshot, nullptr);
  EXPECT_EQ(snapshot->routes.at(0)->routes()[0].timeout, std::chrono::seconds(15));
  const upstream::ClusterSpec& api = *snapshot->clusters.at(0).spec;
  EXPECT_EQ(api.limits.queue, 500u);
  EXPECT_EQ(std::get<upstream::StaticEndpoints>(api.membership).size(), 1u);
}

// When one of these lists gets shorter, the example has come nearer to those that run.
TEST(Examples, OfLaterVersionsLackExactlyThis) {
  const std::set<std::string> base = {"filter tls", "filter rate_limit", "key health"};
  std::set<std::string> prod = base;
  prod.insert({"filter lua", "filter plugin", "key shared", "'least_request' is not round_robin"});
  EXPECT_EQ(unknown_things("examples/later/layers/base.yaml"), base);
  EXPECT_EQ(unknown_things("examples/later/layers/staging.yaml"), base);
  EXPECT_EQ(unknown_things("examples/later/layers/prod.yaml"), prod);
  EXPECT_EQ(unknown_things("examples/later/layers/sites/ams1.yaml"), prod);
  EXPECT_EQ(unknown_things("examples/later/edge.yaml"),
            (std::set<std::string>{"filter tls", "filter rate_limit", "filter lua", "filter sticky",
                                   "key health", "key grpc", "key protocol", "key tls",
                                   "key maglev", "'least_request' is not round_robin"}));
  EXPECT_EQ(unknown_things("examples/later/postgres.yaml"),
            (std::set<std::string>{"filter sticky", "key health", "key on_down",
                                   "'source_hash' is not round_robin"}));
  EXPECT_EQ(yaml_files(kLater).size(), 6u);
}

TEST(Examples, OfLaterVersionsAreMergedAlready) {
  EXPECT_EQ(filters_and_routes("examples/later/layers/sites/ams1.yaml"),
            (Words{"tls", "http", "tenant", "rate_limit", "acme.audit", "router", "api", "beta",
                   "rest"}));
}

TEST(Examples, OfTheReadmeAreSoundWithoutAWarning) {
  const std::vector<std::string> blocks = yaml_blocks("README.md");
  ASSERT_FALSE(blocks.empty());
  for (const std::string& block : blocks) {
    const test::Loaded loaded(block);
    EXPECT_TRUE(loaded.ok()) << block;
    EXPECT_EQ(loaded.problems(), "") << block;
  }
}

}  // namespace
}  // namespace weir::config
