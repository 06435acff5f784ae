#include "core/server/page_text.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <vector>

#include "core/base/escape.h"

namespace weir::server {
namespace {

std::string cell_text(const Json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    return text.empty() ? "-" : printable_line(text);
  }
  if (value.is_number_float()) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value.get<double>());
    return text;
  }
  if (value.is_array()) {
    std::string all;
    for (const Json& item : value) all += (all.empty() ? "" : ",") + cell_text(item);
    return all.empty() ? "-" : all;
  }
  return value.dump();
}

}  // namespace

std::string to_columns(const Json& rows) {
  if (rows.empty()) return "none\n";
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& column : rows.front().items()) lines.front().push_back(column.key());
  for (const Json& row : rows) {
    lines.emplace_back();
    for (const auto& cell : row.items()) lines.back().push_back(cell_text(cell.value()));
  }
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::vector<bool> numbers;
  for (const auto& column : rows.front().items()) numbers.push_back(column.value().is_number());
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string space(widths[i] - line[i].size(), ' ');
      const bool last = i + 1 == line.size();
      text += numbers[i] ? space + line[i] : line[i] + (last ? "" : space);
      text += last ? "\n" : "  ";
    }
  }
  return text;
}

std::string to_page(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string time_text(std::int64_t us) {
  const auto seconds = static_cast<std::time_t>(us / 1'000'000);
  std::tm parts;
  gmtime_r(&seconds, &parts);
  char text[48];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return std::string(text, size) + "Z";
}

std::string span_text(std::int64_t ms) {
  const std::int64_t seconds = ms / 1'000;
  if (ms % 1'000 != 0 && seconds < 10) return std::to_string(ms) + "ms";
  if (seconds < 60) return std::to_string(seconds) + "s";
  if (seconds < 3'600) {
    return std::to_string(seconds / 60) + "m" + std::to_string(seconds % 60) + "s";
  }
  if (seconds < 86'400) {
    return std::to_string(seconds / 3'600) + "h" + std::to_string(seconds % 3'600 / 60) + "m";
  }
  return std::to_string(seconds / 86'400) + "d" + std::to_string(seconds % 86'400 / 3'600) + "h";
}

}  // namespace weir::server
