#include "config/build/request_tests.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "config/build/explain.h"
#include "config/build/loading.h"
#include "config/build/test_mistakes.h"
#include "config/lines.h"
#include "core/base/quote.h"
#include "filters/builtin.h"

namespace weir::config {
namespace {

// Of a value that is not as expected: more than most have, so that the difference is seen.
constexpr std::size_t kMostShown = 1000;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return "[" + out + "]";
}

using Json = nlohmann::ordered_json;

// One expectation that is not met.
struct Miss {
  std::string key;
  std::string expected;
  std::string found;  // empty for nothing
  std::string route;  // that comes to it, where chance chooses among several
};

// A test that failed: its request cannot be asked, or something else came of it.
struct Failure {
  Position where;
  std::string request;
  std::string problem;
  std::vector<Miss> misses;
  std::string text;  // what `weir explain` says, for people and for tools
  std::string json;
};

// What one request may come to.
struct Told {
  Explanation found;
  Explanation shown;  // as it may be shown
};

// What of the explanations of one request is not as a test expects. All that chance may choose must
// be so.
class Comparison {
 public:
  // The first is of the route that takes what chance leaves.
  Comparison(const model::Expectation& wanted, const std::vector<Told>& all)
      : wanted_(wanted), all_(all) {}

  std::vector<Miss> misses() {
    if (!wanted_.cluster.empty()) clusters();
    if (!wanted_.route.empty()) routes();
    const Explanation& found = all_.front().found;
    if (wanted_.listener && !is_called(found.listener, *wanted_.listener)) {
      text("listener", wanted_.listener, found.listener);
    }
    text("chain", wanted_.chain, found.chain);
    text("client", wanted_.client, found.client);
    for (const Told& one : all_) outcome(one);
    return std::move(misses_);
  }

 private:
  void outcome(const Told& one) {
    const auto& [found, shown] = one;
    const std::size_t before = misses_.size();
    if (!wanted_.status.empty()) status(found.status);
    text("redirect", wanted_.redirect, found.location, shown.location);
    if (!wanted_.cluster.empty() && found.clusters.empty() && all_.size() > 1) {
      text("cluster", joined(wanted_.cluster), {});
    }
    text("path", wanted_.path, found.path, shown.path);
    text("host", wanted_.host, found.host, shown.host);
    for (const auto& header : wanted_.headers) {
      text("headers." + header.name, header.value, header_of(header.name, found),
           header_of(header.name, shown));
    }
    if (wanted_.filters) text("filters", joined(*wanted_.filters), joined(found.filters));
    for (std::size_t i = before; i < misses_.size() && all_.size() > 1; ++i) {
      misses_[i].route = found.route;
    }
  }

  void text(const std::string& key, const std::optional<std::string>& wanted,
            const std::string& found) {
    text(key, wanted, found, found);
  }
  void text(const std::string& key, const std::optional<std::string>& wanted,
            const std::string& found, const std::string& shown) {
    if (!wanted || *wanted == found) return;
    misses_.push_back({key, *wanted, shown, {}});
  }

  void status(std::uint16_t found) {
    if (std::find(wanted_.status.begin(), wanted_.status.end(), found) != wanted_.status.end()) {
      return;
    }
    std::vector<std::string> wanted;
    for (const std::uint16_t one : wanted_.status) wanted.push_back(std::to_string(one));
    text("status", wanted.size() == 1 ? wanted.front() : joined(wanted),
         found == 0 ? std::string() : std::to_string(found));
  }

  void clusters() {
    std::set<std::string> found;
    for (const Told& one : all_) {
      for (const Explanation::Share& share : one.found.clusters) found.insert(share.cluster);
    }
    names("cluster", wanted_.cluster, {found.begin(), found.end()});
  }

  void routes() {
    const Explanation& first = all_.front().found;
    std::vector<std::string> found;
    for (const Explanation::ByChance& one : first.by_chance) found.push_back(one.name);
    if (!first.route.empty()) found.push_back(first.route);
    names("route", wanted_.route, std::move(found));
  }

  // In whatever order.
  void names(const std::string& key, std::vector<std::string> wanted,
             std::vector<std::string> found) {
    std::sort(wanted.begin(), wanted.end());
    std::sort(found.begin(), found.end());
    text(key, joined(wanted), joined(found));
  }

  // The last of that name, in whatever case it is written.
  static std::string header_of(std::string name, const Explanation& explanation) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string value;
    for (const auto& header : explanation.headers) {
      if (header.first == name) value = header.second;
    }
    return value;
  }

  const model::Expectation& wanted_;
  const std::vector<Told>& all_;
  std::vector<Miss> misses_;
};

// All that it may come to; first what chance leaves.
Result<std::vector<Told>> told(Loading& loading, const Question& question) {
  std::vector<Told> all;
  const auto add = [&](std::optional<std::uint32_t> by_chance) -> Result<void> {
    WEIR_TRY(found, explain(*loading.snapshot, question, Texts::Real, by_chance));
    WEIR_TRY(shown, explain(*loading.snapshot, question, Texts::Shown, by_chance));
    all.push_back({std::move(found), std::move(shown)});
    return {};
  };
  WEIR_TRY_VOID(add(std::nullopt));
  const std::vector<Explanation::ByChance> by_chance = all.front().found.by_chance;
  for (const Explanation::ByChance& one : by_chance) WEIR_TRY_VOID(add(one.index));
  return all;
}

std::optional<Failure> failure_of(Loading& loading, const model::RequestTest& test) {
  Failure failure{test.where, test.request.value, {}, {}, {}, {}};
  const Result<Question> question = question_of(test);
  const auto all = question ? told(loading, *question) : question.error();
  if (!all) {
    failure.problem = all.error().message;
    return failure;
  }
  failure.misses = Comparison(test.expect, *all).misses();
  if (failure.misses.empty()) return std::nullopt;
  failure.text = to_text(all->front().shown, question->text());
  failure.json = to_json(all->front().shown);
  return failure;
}

std::string text_of(const Failure& failure, const Sources& sources) {
  const std::string place = place_text(failure.where, sources) + ": failed: ";
  if (!failure.problem.empty()) return place + failure.problem + "\n";
  std::string out;
  for (const Miss& miss : failure.misses) {
    out += place + clipped(failure.request, kMostShown) + ": " + clipped(miss.key) + ": expected " +
           clipped(miss.expected, kMostShown) + ", found " +
           (miss.found.empty() ? "none" : clipped(miss.found, kMostShown)) +
           (miss.route.empty() ? "" : " by the route " + clipped(miss.route)) + "\n";
  }
  return out + indented(failure.text, 4);
}

Json json_of(const Failure& failure, const Sources& sources) {
  Json json = {{"request", failure.request}, {"where", place_text(failure.where, sources)}};
  if (!failure.problem.empty()) {
    json["problem"] = failure.problem;
    return json;
  }
  for (const Miss& miss : failure.misses) {
    json["misses"].push_back({{"key", miss.key},
                              {"expected", miss.expected},
                              {"found", miss.found.empty() ? Json() : Json(miss.found)}});
    if (!miss.route.empty()) json["misses"].back()["route"] = miss.route;
  }
  json["explanation"] = Json::parse(failure.json, nullptr, false);
  return json;
}

// What only matters to who runs the tests. Those that cannot be asked fail, where any can run.
void find_mistakes(const server::Snapshot& built, const Gaps& gaps, Loading& loading) {
  if (!loading.diagnostics.ok()) return report_test_mistakes(built, gaps, Severity::Error, loading);
  if (loading.tests.empty()) loading.diagnostics.error(Position{0}, {}, "has no tests");
  report_ports_of_tests(built, gaps, Severity::Error, loading);
}

}  // namespace

TestReport run_request_tests(const ConfigInput& input, const TestOptions& options) {
  StateRegistry states;
  Loading loading(states);
  loading.after_build = [&](const server::Snapshot& built, const Gaps& gaps) {
    find_mistakes(built, gaps, loading);
  };
  loading.load_files(input, filters::builtin_filters());
  const bool sound = loading.diagnostics.ok();
  TestReport report;
  std::string lines;
  Json failures = Json::array();
  for (const model::RequestTest& test : loading.tests) {
    if (!sound) break;
    const auto failure = failure_of(loading, test);
    ++(failure ? report.failed : report.passed);
    if (!failure) continue;
    lines += text_of(*failure, loading.sources);
    failures.push_back(json_of(*failure, loading.sources));
  }
  report.verdict = loading.verdict(false);
  if (report.failed > 0) report.verdict = Verdict::AtFault;
  if (!options.json) {
    report.text = loading.diagnostics.ok()
                      ? lines
                      : to_text(loading.diagnostics, loading.sources, options.style);
    return report;
  }
  Json json = {{"passed", report.passed}, {"failed", report.failed}};
  json.update(Json::parse(to_json(loading.diagnostics, loading.sources), nullptr, false));
  json["failures"] = std::move(failures);
  report.text = json.dump(2, ' ', false, Json::error_handler_t::replace);
  return report;
}

}  // namespace weir::config
