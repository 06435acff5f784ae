#include "core/filter/route_explainer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/http/authority.h"
#include "core/route/condition.h"
#include "core/route/location.h"
#include "core/route/refusal.h"
#include "core/route/route_table.h"

namespace weir::filter {
namespace {

// What is shown where how it was written is not at hand.
constexpr std::string_view kHidden = "(hidden)";

std::string duration_text(route::Milliseconds value) {
  static constexpr std::array<std::pair<std::int64_t, const char*>, 4> kUnits{
      {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}}};
  if (value.count() == 0) return "off";
  for (const auto& [size, unit] : kUnits) {
    if (value.count() % size == 0) return std::to_string(value.count() / size) + unit;
  }
  return std::to_string(value.count()) + "ms";
}

class RouteExplainer {
 public:
  RouteExplainer(const HttpChain& http, http::Request& request, route::ExchangeView& view,
                 Arena& arena, std::uint32_t reached, Texts texts, Explanation& done)
      : http_(http),
        request_(request),
        view_(view),
        arena_(arena),
        reached_(reached),
        texts_(texts),
        done_(done) {}

  void explain(std::optional<const route::Route*> chosen) {
    const route::RouteTable& table = *http_.routes;
    done_.list = table.name();
    for (const route::Route& route : table.routes()) {
      if (chosen && *chosen == &route) {
        take(route);
        return;
      }
      if (auto why = route::refusal(route.match, table.flag_names(), view_)) {
        const bool near = !why->starts_with("host:");
        done_.refused.push_back({route.name, route.where, *std::move(why), near});
      } else if (route.match.percent && *route.match.percent < 100) {
        done_.by_chance.push_back({route.name, route.where, *route.match.percent, route.index});
      } else if (!chosen) {
        take(route);
        return;
      }
    }
    if (!answered(http_.filters)) done_.status = 404;
  }

 private:
  void invalid(std::uint16_t status, std::string why) {
    done_.kind = Explanation::Kind::Invalid;
    done_.status = status;
    done_.why = std::move(why);
  }

  // Lists those that join, and whether one of them answers. Those before it change the request.
  bool answered(const FilterList& filters) {
    for (const auto& entry : filters.entries) {
      done_.filters.push_back(entry.item->name);
      if (!done_.filter.empty()) continue;
      const HttpFilterFactory& factory = *entry.item->factory;
      if (entry.order >= reached_) factory.explain(view_, texts_, request_.headers);
      const auto status = factory.answer_to(*view_.client);
      if (!status) continue;
      done_.kind = Explanation::Kind::Filter;
      done_.filter = entry.item->name;
      done_.status = *status;
    }
    return !done_.filter.empty();
  }

  void take(const route::Route& route) {
    done_.route = route.name;
    done_.where = route.where;
    view_.route = done_.route;
    if (answered(http_.filters_for(&route))) return;
    const std::string_view prefix = matched_prefix(route);
    if (const auto* to = std::get_if<route::Redirect>(&route.action)) {
      done_.kind = Explanation::Kind::Redirect;
      done_.status = to->status;
      done_.location = route::location_of(*to, view_, prefix, arena_);
      if (done_.location.empty()) {
        invalid(400, "the redirect has no host or path to lead to");
      } else if (hides(to->url)) {
        done_.location = to->url->source();
      } else if (hides(to->host) || hides(to->path) || hides(to->rewrite)) {
        done_.location = kHidden;
      }
    } else if (const auto* respond = std::get_if<route::Respond>(&route.action)) {
      done_.kind = Explanation::Kind::Respond;
      done_.status = respond->status;
    } else {
      forward(route, prefix);
    }
  }

  // Whether `part`, a template or a rewrite, is not shown as what it makes.
  template <typename Part>
  bool hides(const std::optional<Part>& part) const {
    return texts_ == Texts::Shown && part && part->hidden();
  }

  std::string shown_host(const route::Route& route, std::string_view host) const {
    return hides(route.rewrite_host) ? route.rewrite_host->source() : std::string(host);
  }

  // Of the route's prefixes, the longest that the path is under.
  std::string_view matched_prefix(const route::Route& route) const {
    route::Match prefixes;
    prefixes.prefixes = route.match.prefixes;
    const auto condition = route::Condition::compile(prefixes, {}, 0);
    if (!condition) return {};
    const std::string_view longest = condition->matched_prefix(request_.path);
    return std::string_view(request_.path).substr(0, longest.size());
  }

  void forward(const route::Route& route, std::string_view prefix) {
    done_.kind = Explanation::Kind::Cluster;
    const auto& to = std::get<route::ToCluster>(route.action);
    for (const route::WeightedCluster& cluster : to.clusters) {
      const double percent = 100.0 * cluster.weight / std::max(to.total_weight, 1u);
      done_.clusters.push_back({cluster.name, cluster.index, percent});
    }
    if (to.clusters.size() == 1) view_.cluster = done_.clusters.front().cluster;
    route.request_headers.explain(view_, texts_, request_.headers);
    std::string_view path = request_.path;
    if (route.rewrite) path = route.rewrite->apply(path, prefix, arena_);
    std::string_view host = request_.authority;
    if (route.rewrite_host) host = route.rewrite_host->render(view_, arena_);
    if (path.empty()) {
      invalid(500, "the rewrite makes no path");
    } else if (!host.empty() && !http::parse_authority(host)) {
      invalid(500, "the rewrite makes no host: " + shown_host(route, host));
    }
    if (hides(route.rewrite)) path = kHidden;
    done_.path = std::string(path) + std::string(request_.query);
    done_.host = shown_host(route, host);
    for (const http::Header& header : request_.headers.all()) {
      done_.headers.emplace_back(header.name(), header.value());
    }
    add_limits(route);
  }

  void add_limits(const route::Route& route) {
    done_.limits.emplace_back("timeout", duration_text(route.timeout));
    done_.limits.emplace_back("idle_timeout", duration_text(route.idle_timeout));
    done_.limits.emplace_back("total_timeout", duration_text(route.total_timeout));
    const std::uint32_t attempts = route.retry.when == 0 ? 0 : route.retry.attempts;
    done_.limits.emplace_back("retry.attempts", std::to_string(attempts));
  }

  const HttpChain& http_;
  http::Request& request_;
  route::ExchangeView& view_;
  Arena& arena_;
  const std::uint32_t reached_;
  const Texts texts_;
  Explanation& done_;
};

}  // namespace

void explain_route(const HttpChain& http, http::Request& request, route::ExchangeView& view,
                   Arena& arena, std::optional<const route::Route*> chosen, std::uint32_t reached,
                   Texts texts, Explanation& explanation) {
  RouteExplainer(http, request, view, arena, reached, texts, explanation).explain(chosen);
}

}  // namespace weir::filter
