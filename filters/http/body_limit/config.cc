#include <tuple>

#include "config/schema.h"
#include "core/filter/registry.h"
#include "filters/http/body_limit/body_limit.h"

namespace weir::filters {
namespace {

struct Settings {
  config::Size request;

  static constexpr std::string_view type_name = "body_limit";
  static constexpr config::ShortForms short_forms{.scalar = "request"};
  static constexpr auto fields = std::tuple{
      config::field("request", &Settings::request, "bytes of a request's body").required()};
};

std::unique_ptr<filter::HttpFilterFactory> make(const config::Node& node,
                                                config::Reading& reading) {
  Settings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  return make_body_limit(settings.request.bytes);
}

}  // namespace

filter::FilterType body_limit_type() {
  return {.name = "body_limit",
          .doc = "answers 413 to requests whose body is larger",
          .settings = &config::type_info<Settings>,
          .make_http = &make};
}

}  // namespace weir::filters
