#pragma once

#include <algorithm>
#include <string>
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
                     .not_empty()
                     .set(),
                 config::field("deny", &IpRulesSettings::deny, "who does not pass, allowed or not")
                     .one_or_many()
                     .set()};

  bool check(const config::Node& node, config::Reading& reading) const {
    if (!reading.sound({"allow", "deny"})) return true;
    for (std::size_t i = 0; i < allow.size(); ++i) {
      const auto over = std::find_if(deny.begin(), deny.end(), [&](const net::Cidr& block) {
        return block.contains(allow[i]);
      });
      if (over == deny.end()) continue;
      const config::Node& written = *node.find("allow");
      reading.warning_below("allow",
                            written.is_list() ? written.items()[i].where() : written.where(),
                            "nobody of these passes: deny has " + over->to_string());
    }
    for (std::size_t i = 0; allow.empty() && i < deny.size(); ++i) {
      if (!deny[i].is_everything()) continue;
      const config::Node& written = *node.find("deny");
      const bool v4 = deny[i].to_string().find(':') == std::string::npos;
      reading.warning_below("deny",
                            written.is_list() ? written.items()[i].where() : written.where(),
                            std::string("nobody passes who comes over ") + (v4 ? "IPv4" : "IPv6") +
                                ": to let some pass, write them under allow alone");
    }
    if (!allow.empty() || !deny.empty() || reading.lacks_values()) return true;
    return reading.error(node, "lets everybody pass: write allow or deny");
  }
  IpRules compiled() const { return {net::CidrSet(allow), net::CidrSet(deny)}; }
};

}  // namespace weir::filters
