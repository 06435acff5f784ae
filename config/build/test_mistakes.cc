#include "config/build/test_mistakes.h"

#include <set>
#include <string>

#include "config/build/explain.h"

namespace weir::config {

Result<Question> question_of(const model::RequestTest& test) {
  WEIR_TRY(question, Question::parse(test.request.value));
  for (const auto& header : test.headers) {
    question.headers.push_back(header.name + ": " + header.value);
  }
  question.from = test.from.value;
  question.listener = test.listener;
  question.flags = test.flags;
  if (test.sni.where.known()) question.sni = test.sni.value;
  question.alpn = test.alpn;
  return question;
}

namespace {

// What is wrong with the port that a request names, unless a listener has it; else nothing.
std::string unknown_port(const server::Snapshot& built, const model::RequestTest& test) {
  const Result<Question> question = Question::parse(test.request.value);
  const auto wanted = question && test.listener.empty() ? question->named_port() : std::nullopt;
  if (!wanted) return {};
  std::set<std::uint16_t> ports;
  for (const server::ListenerSpec& spec : built.listeners) {
    if (spec.address.is_ip()) ports.insert(spec.address.port());
  }
  if (ports.contains(*wanted)) return {};
  std::string all;
  for (const std::uint16_t port : ports) all += (all.empty() ? "" : ", ") + std::to_string(port);
  return "no listener has port " + std::to_string(*wanted) + ": " +
         (all.empty() ? "name one with listener" : "they have " + all);
}

// Without what was said already.
std::string not_to_be_asked(const server::Snapshot& built, const model::RequestTest& test) {
  const Result<Question> question = question_of(test);
  if (!question || !unknown_port(built, test).empty()) return {};
  const Result<void> asked = can_be_asked(built, *question);
  return asked ? std::string() : asked.error().message;
}

using Check = std::string (*)(const server::Snapshot& built, const model::RequestTest& test);

void report(const server::Snapshot& built, Severity severity, Check check, std::string_view key,
            Loading& loading) {
  for (std::size_t i = 0; i < loading.tests.size(); ++i) {
    const model::RequestTest& test = loading.tests[i];
    const std::string item = "tests[" + std::to_string(i) + "]";
    // Nothing follows from one that could not be read.
    if (loading.diagnostics.has_below(Severity::Error, item)) continue;
    std::string wrong = check(built, test);
    if (wrong.empty()) continue;
    const Position where = key.empty() ? test.where : test.request.where;
    loading.diagnostics.add({severity, where, item + std::string(key), std::move(wrong)});
  }
}

}  // namespace

void report_ports_of_tests(const server::Snapshot& built, const Gaps& gaps, Severity severity,
                           Loading& loading) {
  if (gaps.ports) return;
  report(built, severity, unknown_port, ".request", loading);
}

void report_test_mistakes(const server::Snapshot& built, const Gaps& gaps, Severity severity,
                          Loading& loading) {
  report_ports_of_tests(built, gaps, severity, loading);
  if (gaps.ports || gaps.chains || gaps.matches) return;
  report(built, severity, not_to_be_asked, {}, loading);
}

}  // namespace weir::config
