#include "config/build/explain.h"

#include <algorithm>
#include <optional>

#include "core/base/quote.h"
#include "core/base/suggest.h"
#include "core/filter/connection_info.h"
#include "core/filter/route_explainer.h"
#include "core/http/h1_request_parser.h"
#include "core/http/hop_by_hop.h"
#include "core/route/refusal.h"
#include "filters/network/http/forwarded.h"

namespace weir::config {
namespace {

// What stands for the id that Weir makes.
constexpr std::string_view kRandomId = "00000000000000000000000000000000";

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
  Explainer(const server::Snapshot& snapshot, const Question& question, Texts texts,
            std::optional<std::uint32_t> by_chance)
      : snapshot_(snapshot), question_(question), texts_(texts), by_chance_(by_chance) {}

  // Whom the question is asked, and by whom.
  struct Asked {
    const server::ListenerSpec* listener;
    std::uint64_t flags;
    net::Address peer;
    std::optional<tls::ClientHello> hello;
  };
  Result<Asked> ask() {
    WEIR_TRY_VOID(question_.check_headers());
    WEIR_TRY(listener, choose_listener());
    WEIR_TRY(flags, flag_bits());
    WEIR_TRY(peer, net::Address::parse_ip(question_.from, 40000));
    WEIR_TRY(hello, question_.hello());
    return Asked{listener, flags, peer, std::move(hello)};
  }

  Result<Explanation> explain() {
    WEIR_TRY(asked, ask());
    auto& [listener, flags, peer, hello] = asked;
    // Who comes by a unix socket has no address.
    info_.peer = info_.client = listener->address.is_ip() ? peer : listener->address;
    info_.local = listener->address;
    info_.write_client_ip();
    done_.peer = listener->address.is_ip() ? question_.from : listener->address.to_string();
    view_.flags = flags;
    if (refused(listener->accept)) return std::move(done_);
    if (hello) info_.hello = std::make_unique<const tls::ClientHello>(*std::move(hello));
    info_.hello_known = true;
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
      return question_.host() == host_text(spec->address);
    });
    const server::ListenerSpec* chosen = exact != fit.end() ? *exact : fit.front();
    if (exact == fit.end() && fit.size() > 1) {
      done_.note = std::to_string(fit.size() - 1) + " more fit: name one with --listener";
    }
    return take_listener(*chosen);
  }

  Result<const server::ListenerSpec*> unknown_listener() const {
    std::vector<std::string> names;
    for (const server::ListenerSpec& spec : snapshot_.listeners) {
      names.push_back(spec.name);
      names.push_back(spec.name.substr(0, spec.name.find('@')));
    }
    return config_error("there is no listener " + quote(question_.listener) +
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

  // As it stands in a URL.
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
        return config_error("no route asks for the flag " + quote(flag) +
                            did_you_mean(flag, names));
      }
      bits |= std::uint64_t{1} << (found - names.begin());
    }
    return bits;
  }

  // Lists them, and whether one of them closes the connection.
  bool refused(const std::vector<filter::AcceptFilterItem>& accept) {
    for (const auto& item : accept) {
      done_.accept.push_back(item.name);
      if (!done_.filter.empty() || !item.factory->refuses(info_.client)) continue;
      done_.kind = Explanation::Kind::Closed;
      done_.filter = item.name;
    }
    return !done_.filter.empty();
  }

  // Why a chain does not take the connection.
  std::string refusal_of(const filter::Chain& chain) const {
    route::ExchangeView view;
    view.client = &info_.client;
    view.client_ip = info_.client_ip();
    if (info_.hello != nullptr) {
      view.sni = info_.hello->server_name;
      view.alpn = info_.hello->protocols;
    }
    if (info_.hello == nullptr && chain.asks_hello()) {
      route::Match of_client;
      of_client.client_ip = chain.match.client_ip;
      of_client.written = chain.match.written;
      const std::string key = chain.match.sni.empty() ? "alpn" : "sni";
      return route::refusal(of_client, {}, view)
          .value_or(key + ": there is no TLS handshake in which it would be said");
    }
    return route::refusal(chain.match, {}, view).value_or("");
  }

  const filter::Chain* choose_chain(const server::ListenerSpec& listener) {
    for (const filter::Chain& chain : listener.chains) {
      if (chain.asks_hello()) done_.sni = info_.sni();
      if (filter::fit(chain, info_) != filter::ChainFit::Yes) {
        done_.refused_chains.push_back({chain.name, {}, refusal_of(chain), true});
        continue;
      }
      done_.chain = chain.name;
      for (const auto& item : chain.network_filters) done_.network.push_back(item.name);
      return &chain;
    }
    return nullptr;
  }

  bool invalid(const http::ParseError& error) {
    done_.kind = Explanation::Kind::Invalid;
    done_.status = error.status;
    done_.http_error = error.why;
    done_.why = error.message;
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
    if (status == http::ParseStatus::Failed) return invalid(parser.error());
    if (status == http::ParseStatus::Incomplete) {
      return invalid({400, "incomplete", "The head has no end."});
    }
    request_.upgrade = parser.upgrade();
    request_.scheme = question_.scheme;
    if (settings.normalize_path) {
      const http::NormalPath normal = http::normalize_path(request_.path, settings.path, arena_);
      if (normal.error != nullptr) return invalid(*normal.error);
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
    view_.sni = info_.sni();
  }

  void choose_route(const filter::HttpChain& http) {
    std::optional<const route::Route*> chosen;
    if (by_chance_) chosen = &http.routes->routes()[*by_chance_];
    filter::explain_route(http, request_, view_, arena_, chosen, 0, texts_, done_);
    for (Explanation::Share& share : done_.clusters) {
      share.members = members_of(*snapshot_.clusters.at(share.index).spec);
    }
  }

  const server::Snapshot& snapshot_;
  const Question& question_;
  const Texts texts_;
  const std::optional<std::uint32_t> by_chance_;
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

Result<void> can_be_asked(const server::Snapshot& snapshot, const Question& question) {
  WEIR_TRY(asked, Explainer(snapshot, question, Texts::Shown, std::nullopt).ask());
  static_cast<void>(asked);
  return {};
}

Result<Explanation> explain(const server::Snapshot& snapshot, const Question& question, Texts texts,
                            std::optional<std::uint32_t> by_chance) {
  return Explainer(snapshot, question, texts, by_chance).explain();
}

}  // namespace weir::config
