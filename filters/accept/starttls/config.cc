#include <array>
#include <optional>
#include <tuple>

#include "config/schema.h"
#include "core/filter/registry.h"
#include "filters/accept/starttls/starttls.h"

namespace weir::filters {
namespace {

enum class StarttlsProtocol : std::uint8_t { Postgres };

constexpr auto enum_names(StarttlsProtocol) {
  return std::array{config::EnumName{"postgres", StarttlsProtocol::Postgres}};
}

struct Settings {
  std::optional<StarttlsProtocol> protocol;

  static constexpr std::string_view type_name = "starttls";
  static constexpr config::ShortForms short_forms{.scalar = "protocol"};
  static constexpr auto fields = std::tuple{
      config::field("protocol", &Settings::protocol, "how clients ask for TLS").required()};
};

std::unique_ptr<filter::AcceptFilterFactory> make(const config::Node& node,
                                                  config::Reading& reading, const StateScope&) {
  Settings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  return make_postgres_starttls();
}

}  // namespace

filter::FilterType starttls_type() {
  return {.name = "starttls",
          .doc = "answers clients that ask for TLS, so that a chain is chosen by their ClientHello",
          .settings = &config::type_info<Settings>,
          .make_accept = &make};
}

}  // namespace weir::filters
