#include "config/build/request_tests.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "config/build/explain.h"
#include "config/build/loading.h"
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

// What of one explanation is not as a test expects.
class Comparison {
 public:
  // `shown` is `found` as it may be shown.
  Comparison(const model::Expectation& wanted, const Explanation& found, const Explanation& shown)
      : wanted_(wanted), found_(found), shown_(shown) {}

  std::vector<Miss> misses() {
    if (wanted_.status) text("status", std::to_string(*wanted_.status), status());
    if (wanted_.redirect) text("redirect", wanted_.redirect, found_.location, shown_.location);
    if (!wanted_.cluster.empty()) clusters();
    if (!wanted_.route.empty()) routes();
    if (wanted_.listener && !is_called(found_.listener, *wanted_.listener)) {
      text("listener", wanted_.listener, found_.listener);
    }
    text("chain", wanted_.chain, found_.chain);
    text("client", wanted_.client, found_.client);
    text("path", wanted_.path, found_.path, shown_.path);
    text("host", wanted_.host, found_.host, shown_.host);
    for (const auto& header : wanted_.headers) {
      text("headers." + header.name, header.value, header_of(header.name, found_),
           header_of(header.name, shown_));
    }
    if (wanted_.filters) text("filters", joined(*wanted_.filters), joined(found_.filters));
    return std::move(misses_);
  }

 private:
  void text(const std::string& key, const std::optional<std::string>& wanted,
            const std::string& found) {
    text(key, wanted, found, found);
  }
  void text(const std::string& key, const std::optional<std::string>& wanted,
            const std::string& found, const std::string& shown) {
    if (!wanted || *wanted == found) return;
    misses_.push_back({key, *wanted, shown});
  }

  std::string status() const {
    return found_.status == 0 ? std::string() : std::to_string(found_.status);
  }

  void clusters() {
    std::vector<std::string> found;
    for (const Explanation::Share& share : found_.clusters) found.push_back(share.cluster);
    names("cluster", wanted_.cluster, std::move(found));
  }

  void routes() {
    std::vector<std::string> found;
    for (const Explanation::ByChance& one : found_.by_chance) found.push_back(one.name);
    if (!found_.route.empty()) found.push_back(found_.route);
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
  const Explanation& found_;
  const Explanation& shown_;
  std::vector<Miss> misses_;
};

Result<Question> question_of(const model::RequestTest& test) {
  WEIR_TRY(question, Question::parse(test.request.value));
  for (const auto& header : test.headers) {
    question.headers.push_back(header.name + ": " + header.value);
  }
  question.from = test.from.value;
  question.listener = test.listener;
  question.flags = test.flags;
  return question;
}

std::optional<Failure> failure_of(Loading& loading, const model::RequestTest& test) {
  Failure failure{test.where, test.request.value, {}, {}, {}, {}};
  const Result<Question> question = question_of(test);
  const auto explained = [&](Texts texts) {
    return question ? explain(loading, *question, texts) : Result<Explanation>(question.error());
  };
  const Result<Explanation> found = explained(Texts::Real);
  const Result<Explanation> shown = explained(Texts::Shown);
  if (!found || !shown) {
    failure.problem = (found ? shown : found).error().message;
    return failure;
  }
  failure.misses = Comparison(test.expect, *found, *shown).misses();
  if (failure.misses.empty()) return std::nullopt;
  failure.text = to_text(*shown, to_text(*question));
  failure.json = to_json(*shown);
  return failure;
}

// What is wrong with the port that a request names, unless a listener has it; else nothing.
std::string unknown_port(const Loading& loading, const model::RequestTest& test) {
  const Result<Question> question = Question::parse(test.request.value);
  const auto wanted = question && test.listener.empty() ? question->named_port() : std::nullopt;
  if (!wanted) return {};
  std::set<std::uint16_t> ports;
  for (const server::ListenerSpec& spec : loading.snapshot->listeners) {
    if (spec.address.is_ip()) ports.insert(spec.address.port());
  }
  if (ports.contains(*wanted)) return {};
  std::string all;
  for (const std::uint16_t port : ports) all += (all.empty() ? "" : ", ") + std::to_string(port);
  return "no listener has port " + std::to_string(*wanted) + ": " +
         (all.empty() ? "name one with listener" : "they have " + all);
}

std::string text_of(const Failure& failure, const Sources& sources) {
  const std::string place = place_text(failure.where, sources) + ": failed: ";
  if (!failure.problem.empty()) return place + failure.problem + "\n";
  std::string out;
  for (const Miss& miss : failure.misses) {
    out += place + clipped(failure.request, kMostShown) + ": " + clipped(miss.key) + ": expected " +
           clipped(miss.expected, kMostShown) + ", found " +
           (miss.found.empty() ? "none" : clipped(miss.found, kMostShown)) + "\n";
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
  }
  json["explanation"] = Json::parse(failure.json, nullptr, false);
  return json;
}

// What only matters to who runs the tests.
void find_mistakes(Loading& loading) {
  if (loading.tests.empty()) loading.diagnostics.error(Position{0}, {}, "has no tests");
  for (std::size_t i = 0; i < loading.tests.size(); ++i) {
    const model::RequestTest& test = loading.tests[i];
    const std::string wrong = unknown_port(loading, test);
    if (wrong.empty()) continue;
    loading.diagnostics.error(test.request.where, "tests[" + std::to_string(i) + "].request",
                              wrong);
  }
}

}  // namespace

TestReport run_request_tests(const ConfigInput& input, const TestOptions& options) {
  StateRegistry states;
  Loading loading(states);
  loading.load_files(input, filters::builtin_filters());
  if (loading.snapshot != nullptr) find_mistakes(loading);
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
