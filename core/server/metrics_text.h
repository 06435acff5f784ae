#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/server/histogram.h"

namespace weir::server {

// Writes the Prometheus text exposition format, version 0.0.4. The caller keeps the samples of one
// family together, behind its family().
class MetricsText {
 public:
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

  // `type` is "counter", "gauge" or "histogram". Names and help are Weir's own and need no escapes.
  void family(std::string_view name, std::string_view help, std::string_view type);
  // `labels` as label() makes them, several joined by commas; may be empty.
  void sample(std::string_view labels, std::uint64_t value);
  void sample(std::string_view labels, std::int64_t value);
  void sample_seconds(std::string_view labels, std::int64_t us);
  void sample(std::string_view labels, const Histogram& histogram);

  // key="value", escaped.
  static std::string label(std::string_view key, std::string_view value);

  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  std::string take() { return std::move(text_); }

 private:
  void begin(std::string_view suffix, std::string_view labels);

  std::string text_;
  std::string name_;
};

}  // namespace weir::server
