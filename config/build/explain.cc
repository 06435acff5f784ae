#include "config/build/explain.h"

#include <algorithm>
#include <optional>
#include <span>

#include "config/build/filter_types.h"
#include "config/key_path.h"
#include "config/model/file.h"
#include "config/suggest.h"
#include "config/tree_path.h"
#include "config/values.h"
#include "core/filter/connection_info.h"
#include "core/http/authority.h"
#include "core/http/h1_request_parser.h"
#include "core/http/hop_by_hop.h"
#include "core/route/condition.h"
#include "core/route/location.h"
#include "core/route/refusal.h"
#include "filters/builtin.h"
#include "filters/network/http/forwarded.h"

namespace weir::config {
namespace {

constexpr Rules kNoRules;
// What stands for the id that Weir makes.
constexpr std::string_view kRandomId = "00000000000000000000000000000000";

// Where the values of the merged configuration were written.
class Places {
 public:
  explicit Places(Loading& loading)
      : loading_(loading),
        filters_(FilterTypes(filters::builtin_filters()).schema()),
        interpolator_(loading.sources, process_environment()),
        reading_(ignored_, interpolator_) {}

  std::string of(std::span<const PathStep> steps) {
    TreePath way(filters_, reading_, {type_info<model::File>(), kNoRules});
    Node* node = &loading_.merged;
    for (const PathStep& step : steps) node = way.enter(node, step);
    return node == nullptr ? std::string() : place_text(node->where(), loading_.sources);
  }
  std::string of_route(const std::string& list, const route::Route& route) {
    const PathStep steps[] = {{"routes", {}}, {list, {}}, {route.name, route.index}};
    return of(steps);
  }

 private:
  Loading& loading_;
  Diagnostics ignored_;
  const FilterSchema filters_;
  Interpolator interpolator_;
  Reading reading_;
};

std::string members_of(const upstream::ClusterSpec& spec) {
  if (const auto* dns = std::get_if<upstream::DnsEndpoints>(&spec.membership)) {
    return "dns " + dns->name + ":" + std::to_string(dns->port);
  }
  if (const auto* srv = std::get_if<upstream::SrvEndpoints>(&spec.membership)) {
    return "srv " + srv->name;
  }
  const auto& endpoints = std::get<upstream::StaticEndpoints>(spec.membership);
  constexpr std::size_t kShown = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, endpoints.size()); ++i) {
    text += (i > 0 ? ", " : "") + endpoints[i].address.to_string();
  }
  if (endpoints.size() > kShown) text += ", … " + std::to_string(endpoints.size()) + " in all";
  return text;
}

class Explainer {
 public:
  Explainer(Loading& loading, const Question& question)
      : snapshot_(*loading.snapshot), question_(question), places_(loading) {}

  Result<Explanation> explain() {
    WEIR_TRY(listener, choose_listener());
    WEIR_TRY(flags, flag_bits());
    WEIR_TRY(peer, net::Address::parse_ip(question_.from, 40000));
    // Who comes by a unix socket has no address.
    info_.peer = info_.client = listener->address.is_ip() ? peer : listener->address;
    info_.local = listener->address;
    info_.write_client_ip();
    view_.flags = flags;
    for (const auto& item : listener->accept) done_.accept.push_back(item.name);
    const filter::Chain* chain = choose_chain(*listener);
    if (chain == nullptr) {
      done_.kind = Explanation::Kind::NoChain;
    } else if (chain->http == nullptr || chain->http->routes == nullptr) {
      done_.kind = Explanation::Kind::Tcp;
    } else if (read_request(chain->http->settings)) {
      choose_route(*chain->http);
    }
    return std::move(done_);
  }

 private:
  Result<const server::ListenerSpec*> choose_listener() {
    std::vector<const server::ListenerSpec*> fit;
    for (const server::ListenerSpec& spec : snapshot_.listeners) {
      if (question_.listener.empty() ? spec.address.port() == question_.port()
                                     : is_called(spec.name, question_.listener)) {
        fit.push_back(&spec);
      }
    }
    if (fit.empty() && !question_.listener.empty()) return unknown_listener();
    if (fit.empty()) return first_with_http();
    // A host that is an address says more than the port.
    const auto exact = std::find_if(fit.begin(), fit.end(), [this](const auto* spec) {
      return question_.authority.starts_with(host_text(spec->address));
    });
    const server::ListenerSpec* chosen = exact != fit.end() ? *exact : fit.front();
    if (exact == fit.end() && fit.size() > 1) {
      done_.note = std::to_string(fit.size() - 1) + " more fit: name one with --listener";
    }
    return take_listener(*chosen);
  }

  Result<const server::ListenerSpec*> unknown_listener() const {
    std::vector<std::string> names;
    for (const server::ListenerSpec& spec : snapshot_.listeners) names.push_back(spec.name);
    return config_error("there is no listener '" + question_.listener + "'" +
                        did_you_mean(question_.listener, names));
  }

  Result<const server::ListenerSpec*> first_with_http() {
    for (const server::ListenerSpec& spec : snapshot_.listeners) {
      const bool http = std::any_of(spec.chains.begin(), spec.chains.end(),
                                    [](const filter::Chain& one) { return one.http != nullptr; });
      if (!http) continue;
      done_.note = "none has port " + std::to_string(question_.port()) +
                   ": this is the first that speaks HTTP";
      return take_listener(spec);
    }
    return config_error("no listener speaks HTTP");
  }

  const server::ListenerSpec* take_listener(const server::ListenerSpec& spec) {
    done_.listener = spec.name;
    done_.address = spec.address.to_string();
    return &spec;
  }

  // As it stands in a URL, with what must follow it.
  static std::string host_text(const net::Address& address) {
    const std::string ip = address.ip();
    return ip.find(':') == std::string::npos ? ip : "[" + ip + "]";
  }

  Result<std::uint64_t> flag_bits() const {
    std::uint64_t bits = snapshot_.flags;
    for (const std::string& flag : question_.flags) {
      const auto& names = snapshot_.flag_names;
      const auto found = std::find(names.begin(), names.end(), flag);
      if (found == names.end()) {
        return config_error("no route asks for the flag '" + flag + "'" +
                            did_you_mean(flag, names));
      }
      bits |= std::uint64_t{1} << (found - names.begin());
    }
    return bits;
  }

  const filter::Chain* choose_chain(const server::ListenerSpec& listener) {
    for (const filter::Chain& chain : listener.chains) {
      const bool fits =
          chain.client_ip.empty() ||
          std::any_of(chain.client_ip.begin(), chain.client_ip.end(),
                      [&](const net::Cidr& one) { return one.contains(info_.client); });
      if (!fits) {
        done_.refused_chains.push_back(
            {chain.name,
             {},
             "client_ip: " + std::string(info_.client_ip()) + " is not in its blocks",
             true});
        continue;
      }
      done_.chain = chain.name;
      for (const auto& item : chain.network_filters) done_.network.push_back(item.name);
      return &chain;
    }
    return nullptr;
  }

  bool invalid(std::uint16_t status, std::string why) {
    done_.kind = Explanation::Kind::Invalid;
    done_.status = status;
    done_.why = std::move(why);
    return false;
  }

  // As the codec does: by the parser, with the limits of the chain.
  bool read_request(const filter::HttpSettings& settings) {
    head_ = question_.method + " " + question_.target +
            " HTTP/1.1\r\nhost: " + question_.authority + "\r\n";
    for (const std::string& header : question_.headers) head_ += header + "\r\n";
    head_ += "\r\n";
    http::H1RequestParser parser({.head_bytes = settings.max_request_head,
                                  .line_bytes = settings.max_request_line,
                                  .fields = settings.max_request_headers});
    const http::ParseStatus status = parser.parse(head_, request_);
    if (status == http::ParseStatus::Failed) {
      return invalid(parser.error().status, std::string(parser.error().message));
    }
    if (status == http::ParseStatus::Incomplete) return invalid(400, "the head has no end");
    request_.upgrade = parser.upgrade();
    request_.scheme = question_.scheme;
    if (settings.normalize_path) {
      const http::NormalPath normal = http::normalize_path(request_.path, settings.path, arena_);
      if (normal.error != nullptr) {
        return invalid(normal.error->status, std::string(normal.error->message));
      }
      request_.path = normal.path;
    }
    http::remove_hop_by_hop(request_.headers);
    fill_view(settings);
    return true;
  }

  void fill_view(const filter::HttpSettings& settings) {
    client_ = info_.client;
    const bool believed =
        !settings.trusted_proxies.empty() && settings.trusted_proxies.contains(info_.client);
    if (believed) {
      client_ = filters::named_client(request_.headers, settings.trusted_proxies).value_or(client_);
    }
    view_.request_id = filters::given_request_id(request_.headers, believed);
    if (view_.request_id.empty()) {
      view_.request_id = kRandomId;
      if (settings.request_id) request_.headers.set_valid(http::HeaderId::XRequestId, kRandomId);
    }
    filters::pass_on_forwarded(request_, info_.client_ip(), believed, settings);
    done_.client = client_.ip();
    view_.request = &request_;
    view_.vars = &vars_;
    view_.client = &client_;
    view_.peer = &info_.peer;
    view_.local = &info_.local;
    view_.client_ip = done_.client;
    view_.listener = done_.listener;
    view_.chain = done_.chain;
  }

  void choose_route(const filter::HttpChain& http) {
    const route::RouteTable& table = *http.routes;
    done_.list = table.name();
    for (const route::Route& route : table.routes()) {
      if (auto why = route::refusal(route.match, snapshot_.flag_names, view_)) {
        const bool near = !why->starts_with("host:");
        done_.refused.push_back(
            {route.name, places_.of_route(done_.list, route), *std::move(why), near});
      } else if (route.match.percent && *route.match.percent < 100) {
        done_.by_chance.push_back(
            {route.name, places_.of_route(done_.list, route), *route.match.percent});
      } else {
        take(http, route);
        return;
      }
    }
    for (const auto& entry : http.filters.entries) done_.filters.push_back(entry.item->name);
    done_.status = 404;
  }

  void take(const filter::HttpChain& http, const route::Route& route) {
    done_.route = route.name;
    done_.where = places_.of_route(done_.list, route);
    view_.route = done_.route;
    for (const auto& entry : http.filters_for(&route).entries) {
      done_.filters.push_back(entry.item->name);
    }
    const std::string_view prefix = matched_prefix(route);
    if (const auto* to = std::get_if<route::Redirect>(&route.action)) {
      done_.kind = Explanation::Kind::Redirect;
      done_.status = to->status;
      done_.location = route::location_of(*to, view_, prefix, arena_);
      if (done_.location.empty()) invalid(400, "the redirect has no host or path to lead to");
    } else if (const auto* respond = std::get_if<route::Respond>(&route.action)) {
      done_.kind = Explanation::Kind::Respond;
      done_.status = respond->status;
    } else {
      forward(route, prefix);
    }
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
      const upstream::ClusterSpec& spec = *snapshot_.clusters.at(cluster.index).spec;
      done_.clusters.push_back({cluster.name, percent, members_of(spec)});
    }
    if (to.clusters.size() == 1) view_.cluster = done_.clusters.front().cluster;
    route.request_headers.apply(view_, request_.headers);
    std::string_view path = request_.path;
    if (route.rewrite) path = route.rewrite->apply(path, prefix, arena_);
    std::string_view host = request_.authority;
    if (route.rewrite_host) host = route.rewrite_host->render(view_, arena_);
    if (path.empty()) {
      invalid(500, "the rewrite makes no path");
    } else if (!host.empty() && !http::parse_authority(host)) {
      invalid(500, "the rewrite makes no host: " + std::string(host));
    }
    done_.path = std::string(path) + std::string(request_.query);
    done_.host = host;
    for (const http::Header& header : request_.headers.all()) {
      done_.headers.emplace_back(header.name(), header.value());
    }
    add_limits(route);
  }

  void add_limits(const route::Route& route) {
    const auto add = [this](std::string_view key, route::Milliseconds value) {
      done_.limits.emplace_back(key, value.count() == 0 ? "off" : show(value));
    };
    add("timeout", route.timeout);
    add("idle_timeout", route.idle_timeout);
    add("total_timeout", route.total_timeout);
    const std::uint32_t attempts = route.retry.when == 0 ? 0 : route.retry.attempts;
    done_.limits.emplace_back("retry.attempts", std::to_string(attempts));
  }

  const server::Snapshot& snapshot_;
  const Question& question_;
  Places places_;
  Explanation done_;
  filter::ConnectionInfo info_;
  net::Address client_;
  Arena arena_;
  http::Request request_{arena_};
  http::Variables vars_{arena_};
  route::ExchangeView view_;
  std::string head_;
};

}  // namespace

bool is_called(std::string_view name, std::string_view wanted) {
  return name.starts_with(wanted) && (name.size() == wanted.size() || name[wanted.size()] == '@');
}

Result<Explanation> explain(Loading& loading, const Question& question) {
  return Explainer(loading, question).explain();
}

}  // namespace weir::config
