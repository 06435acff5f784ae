#include <algorithm>

#include "config/schema.h"
#include "config/types/network.h"
#include "core/filter/registry.h"
#include "core/http/chars.h"
#include "filters/http/explain/explain.h"

namespace weir::filters {
namespace {

struct Settings {
  config::Located<std::string> header{ExplainSettings{}.header, {}};
  std::vector<net::Cidr> from;

  static constexpr std::string_view type_name = "explain";
  static constexpr auto fields = std::tuple{
      config::field("header", &Settings::header, "which asks for it, whatever its value"),
      config::field("from", &Settings::from, "the addresses of those who may ask")
          .required()
          .one_or_many()
          .set()};

  bool check(const config::Node& node, config::Reading& reading) const {
    const bool all = std::any_of(from.begin(), from.end(),
                                 [](const net::Cidr& block) { return block.is_everything(); });
    if (all && reading.sound({"from"})) {
      reading.warning_below("from", node.find("from")->where(),
                            "anybody may ask which routes there are, and what they set");
    }
    if (http::is_token(header.value) || !reading.sound({"header"})) return true;
    return reading.error_below("header", header.where, "is no name of a header field");
  }
};

std::unique_ptr<filter::HttpFilterFactory> make(const config::Node& node,
                                                config::Reading& reading) {
  Settings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  std::string header = std::move(settings.header.value);
  http::lower_case(header.data(), header.size());
  return make_explain({std::move(header), net::CidrSet(settings.from)});
}

}  // namespace

filter::FilterType explain_type() {
  return {.name = "explain",
          .doc = "answers who may ask with what becomes of the request, and why",
          .settings = &config::type_info<Settings>,
          .make_http = &make};
}

}  // namespace weir::filters
