#pragma once

#include <tuple>
#include <vector>

#include "config/schema.h"
#include "config/types/network.h"
#include "filters/accept/ip_filter/ip_filter.h"

namespace weir::filters {

// The settings of both filters that are called `ip_filter`.
struct IpRulesSettings {
  std::vector<net::Cidr> allow;
  std::vector<net::Cidr> deny;

  static constexpr std::string_view type_name = "ip_filter";
  static constexpr auto fields =
      std::tuple{config::field("allow", &IpRulesSettings::allow, "who passes; everybody without it")
                     .one_or_many()
                     .set(),
                 config::field("deny", &IpRulesSettings::deny, "who does not pass, allowed or not")
                     .one_or_many()
                     .set()};

  bool check(const config::Node& node, config::Reading& reading) const {
    if (!allow.empty() || !deny.empty()) return true;
    return reading.error(node, "lets everybody pass: write allow or deny");
  }
  IpRules compiled() const { return {net::CidrSet(allow), net::CidrSet(deny)}; }
};

}  // namespace weir::filters
