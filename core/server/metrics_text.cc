#include "core/server/metrics_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace weir::server {
namespace {

// Each is one of kLatencyBounds, so that the counts are exact.
struct Step {
  std::uint32_t us;
  std::string_view le;
};
constexpr std::array<Step, 18> kLadder{{{100, "0.0001"},
                                        {250, "0.00025"},
                                        {500, "0.0005"},
                                        {1'000, "0.001"},
                                        {2'500, "0.0025"},
                                        {5'000, "0.005"},
                                        {10'000, "0.01"},
                                        {25'000, "0.025"},
                                        {50'000, "0.05"},
                                        {100'000, "0.1"},
                                        {250'000, "0.25"},
                                        {500'000, "0.5"},
                                        {1'000'000, "1"},
                                        {2'500'000, "2.5"},
                                        {5'000'000, "5"},
                                        {10'000'000, "10"},
                                        {30'000'000, "30"},
                                        {60'000'000, "60"}}};
static_assert(std::ranges::all_of(kLadder, [](const Step& step) {
  return std::ranges::binary_search(kLatencyBounds, step.us);
}));

template <typename Number>
void append_number(std::string& text, Number number) {
  char digits[24];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_seconds(std::string& text, std::uint64_t us) {
  append_number(text, us / 1'000'000);
  const std::uint64_t rest = us % 1'000'000;
  if (rest == 0) return;
  char digits[24];
  // The leading 1 keeps the zeros behind the point.
  std::to_chars(digits, digits + sizeof digits, 1'000'000 + rest);
  digits[0] = '.';
  std::size_t size = 7;
  while (digits[size - 1] == '0') --size;
  text.append(digits, size);
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view help, std::string_view type) {
  name_ = name;
  ((((text_ += "# HELP ") += name) += ' ') += help) += '\n';
  ((((text_ += "# TYPE ") += name) += ' ') += type) += '\n';
}

void MetricsText::begin(std::string_view suffix, std::string_view labels) {
  (text_ += name_) += suffix;
  if (!labels.empty()) ((text_ += '{') += labels) += '}';
  text_ += ' ';
}

void MetricsText::sample(std::string_view labels, std::uint64_t value) {
  begin("", labels);
  append_number(text_, value);
  text_ += '\n';
}

void MetricsText::sample(std::string_view labels, std::int64_t value) {
  begin("", labels);
  append_number(text_, value);
  text_ += '\n';
}

void MetricsText::sample_seconds(std::string_view labels, std::int64_t us) {
  begin("", labels);
  append_seconds(text_, static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)));
  text_ += '\n';
}

void MetricsText::sample(std::string_view labels, const Histogram& histogram) {
  const std::string_view comma = labels.empty() ? "" : ",";
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  const auto bucket_line = [&](std::string_view le) {
    ((((text_ += name_) += "_bucket{") += labels) += comma) += "le=\"";
    (text_ += le) += "\"} ";
    append_number(text_, seen);
    text_ += '\n';
  };
  for (const Step& step : kLadder) {
    for (; kLatencyBounds[bucket] <= step.us; ++bucket) seen += histogram.count(bucket);
    bucket_line(step.le);
  }
  for (; bucket < kLatencyBuckets; ++bucket) seen += histogram.count(bucket);
  bucket_line("+Inf");
  begin("_sum", labels);
  append_seconds(text_, histogram.sum_us());
  text_ += '\n';
  begin("_count", labels);
  append_number(text_, seen);
  text_ += '\n';
}

std::string MetricsText::label(std::string_view key, std::string_view value) {
  std::string text(key);
  text += "=\"";
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
  return text;
}

}  // namespace weir::server
