#include "filters/builtin.h"

#include <array>

namespace weir::filters {

// Each is in the config.cc of its folder.
filter::FilterType accept_ip_filter_type();
filter::FilterType body_limit_type();
filter::FilterType connection_limit_type();
filter::FilterType explain_type();
filter::FilterType headers_type();
filter::FilterType http_ip_filter_type();
filter::FilterType http_type();
filter::FilterType proxy_protocol_type();
filter::FilterType router_type();
filter::FilterType starttls_type();
filter::FilterType tcp_proxy_type();

std::span<const filter::FilterType> builtin_filters() {
  static const std::array types = {
      accept_ip_filter_type(),
      body_limit_type(),
      connection_limit_type(),
      explain_type(),
      headers_type(),
      http_ip_filter_type(),
      http_type(),
      proxy_protocol_type(),
      router_type(),
      starttls_type(),
      tcp_proxy_type(),
  };
  return types;
}

}  // namespace weir::filters
