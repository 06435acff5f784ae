#include "core/server/why_page.h"

#include "core/base/escape.h"
#include "core/server/page_text.h"

namespace weir::server {
namespace {

double milliseconds(std::uint32_t us) {
  return static_cast<double>(us) / 1'000;
}

Json to_row(const FailedExchange& one) {
  return {{"time", time_text(one.time_us)}, {"id", one.id},         {"status", one.status},
          {"why", to_string(one.why)},      {"route", one.route},   {"endpoint", one.endpoint},
          {"client", one.client},           {"method", one.method}, {"path", one.path}};
}

Json to_json(const FailedExchange& one) {
  return {{"time", time_text(one.time_us)},
          {"id", one.id},
          {"snapshot", one.snapshot},
          {"listener", one.listener},
          {"chain", one.chain},
          {"route", one.route},
          {"cluster", one.cluster},
          {"endpoint", one.endpoint},
          {"client", one.client},
          {"method", one.method},
          {"host", one.host},
          {"path", one.path},
          {"status", one.status},
          {"ended_by", to_string(one.ended_by)},
          {"filter", one.filter},
          {"phase", to_string(one.phase)},
          {"why", to_string(one.why)},
          {"advice", text_of(one.why).advice},
          {"attempts", one.attempts},
          {"total_ms", milliseconds(one.total_us)},
          {"bytes_in", one.bytes_in},
          {"bytes_out", one.bytes_out}};
}

std::string to_text(const FailedExchange& one) {
  std::string text;
  const Json fields = to_json(one);
  for (const auto& field : fields.items()) {
    const Json& value = field.value();
    const std::string shown =
        value.is_string() ? printable_line(value.get<std::string>()) : value.dump();
    if (shown.empty()) continue;
    text += field.key() + std::string(10 - field.key().size(), ' ') + shown + "\n";
  }
  return text;
}

}  // namespace

std::string failures_page(std::span<const FailedExchange> failures, PageFormat format) {
  Json rows = Json::array();
  for (const FailedExchange& one : failures) {
    rows.push_back(format == PageFormat::AsJson ? to_json(one) : to_row(one));
  }
  return format == PageFormat::AsJson ? to_page(rows) : to_columns(rows);
}

std::string why_page(std::span<const FailedExchange> failures, PageFormat format) {
  if (format == PageFormat::AsJson) return failures_page(failures, format);
  std::string text;
  for (const FailedExchange& one : failures) text += (text.empty() ? "" : "\n") + to_text(one);
  return text;
}

}  // namespace weir::server
