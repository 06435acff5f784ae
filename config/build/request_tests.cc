#include "config/build/request_tests.h"

#include <algorithm>
#include <optional>

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

// What of one explanation is not as a test expects.
class Comparison {
 public:
  Comparison(const model::Expectation& wanted, const Explanation& found)
      : wanted_(wanted), found_(found) {}

  std::vector<std::string> misses() {
    if (wanted_.status) text("status", std::to_string(*wanted_.status), status());
    if (wanted_.redirect) text("redirect", *wanted_.redirect, found_.location);
    if (!wanted_.cluster.empty()) clusters();
    if (!wanted_.route.empty()) routes();
    if (wanted_.listener && !is_called(found_.listener, *wanted_.listener)) {
      text("listener", wanted_.listener, found_.listener);
    }
    text("chain", wanted_.chain, found_.chain);
    text("client", wanted_.client, found_.client);
    text("path", wanted_.path, found_.path);
    text("host", wanted_.host, found_.host);
    for (const auto& header : wanted_.headers) {
      text("headers." + header.name, header.value, header_of(header.name));
    }
    if (wanted_.filters) text("filters", joined(*wanted_.filters), joined(found_.filters));
    return std::move(misses_);
  }

 private:
  void text(const std::string& key, const std::optional<std::string>& wanted,
            const std::string& found) {
    if (!wanted || *wanted == found) return;
    misses_.push_back(clipped(key) + ": expected " + clipped(*wanted, kMostShown) + ", found " +
                      (found.empty() ? "none" : clipped(found, kMostShown)));
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
  std::string header_of(std::string name) const {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string value;
    for (const auto& header : found_.headers) {
      if (header.first == name) value = header.second;
    }
    return value;
  }

  const model::Expectation& wanted_;
  const Explanation& found_;
  std::vector<std::string> misses_;
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

// The lines about one test; none when it passes.
std::string failures(Loading& loading, const model::RequestTest& test) {
  const std::string place = place_text(test.where, loading.sources) + ": failed: ";
  const Result<Question> question = question_of(test);
  if (!question) return place + question.error().message + "\n";
  const Result<Explanation> found = explain(loading, *question);
  if (!found) return place + found.error().message + "\n";
  const std::vector<std::string> misses = Comparison(test.expect, *found).misses();
  std::string out;
  for (const std::string& miss : misses) {
    out += place + clipped(test.request.value, kMostShown) + ": " + miss + "\n";
  }
  if (!misses.empty()) out += indented(to_text(*found, to_text(*question)), 4);
  return out;
}

}  // namespace

TestReport run_request_tests(const ConfigInput& input, TextStyle style) {
  StateRegistry states;
  Loading loading(states);
  loading.load_files(input, filters::builtin_filters());
  TestReport report;
  report.verdict = loading.verdict(false);
  if (loading.snapshot == nullptr) {
    report.text = to_text(loading.diagnostics, loading.sources, style);
    return report;
  }
  for (const model::RequestTest& test : loading.tests) {
    const std::string lines = failures(loading, test);
    ++(lines.empty() ? report.passed : report.failed);
    report.text += lines;
  }
  if (loading.tests.empty()) {
    report.text = (input.paths.empty() ? "" : input.paths.front() + ": ") + "error: has no tests\n";
  }
  if (report.failed > 0 || loading.tests.empty()) report.verdict = Verdict::AtFault;
  return report;
}

}  // namespace weir::config
