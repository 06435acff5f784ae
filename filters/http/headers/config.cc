#include <tuple>

#include "config/schema.h"
#include "config/types/header_edits.h"
#include "core/filter/registry.h"
#include "filters/http/headers/headers.h"

namespace weir::filters {
namespace {

struct Settings {
  config::HeaderEdits request;
  config::HeaderEdits response;

  static constexpr std::string_view type_name = "headers";
  static constexpr auto fields =
      std::tuple{config::field("request", &Settings::request, "changes of requests"),
                 config::field("response", &Settings::response, "changes of responses")};

  bool check_values(config::Reading& reading) const {
    const auto step = reading.enter("request");
    return request.check_variables(config::kUnknownAtFirst, reading);
  }
};

std::unique_ptr<filter::HttpFilterFactory> make(const config::Node& node,
                                                config::Reading& reading) {
  Settings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  return make_headers({settings.request.compiled(), settings.response.compiled()});
}

}  // namespace

filter::FilterType headers_type() {
  return {.name = "headers",
          .doc =
              "sets, appends and removes header fields of requests and responses; routes are "
              "chosen before it",
          .settings = &config::type_info<Settings>,
          .make_http = &make};
}

}  // namespace weir::filters
