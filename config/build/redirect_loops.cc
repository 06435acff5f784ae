#include "config/build/redirect_loops.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/model/question.h"
#include "core/base/arena.h"
#include "core/http/message.h"
#include "core/route/location.h"

namespace weir::config {

namespace {

using Kind = route::TextMatch::Kind;

// Clients follow about twenty.
constexpr int kMostRedirects = 10;
// A route is judged by so many of the hosts and paths that it names.
constexpr int kMostTried = 100;
// For a route that takes every host.
constexpr std::string_view kAnyHost = "host.example";

// A request by its URL, whose scheme is http.
struct Url {
  std::string host;
  std::uint16_t port = 80;
  std::string path;

  std::string authority() const { return port == 80 ? host : host + ':' + std::to_string(port); }
  std::string text() const { return "http://" + authority() + path; }
};

class Follower {
 public:
  explicit Follower(const RouteList& list) : list_(list) {}

  // Whether `route` redirects `url`, and that never ends.
  bool loops(const route::Route& route, Url url) const {
    for (int i = 0; i < kMostRedirects; ++i) {
      const std::optional<Url> next = follow(i == 0 ? &route : nullptr, url);
      if (!next) return false;
      url = *next;
    }
    return true;
  }

 private:
  // Where `url` is redirected to, by `only` when it is given; nothing when that is elsewhere.
  std::optional<Url> follow(const route::Route* only, const Url& url) const {
    Arena arena;
    http::Request request(arena);
    const std::string authority = url.authority();
    request.method_name = "GET";
    request.scheme = "http";
    request.authority = authority;
    request.host = url.host;
    request.path = url.path;
    const net::Address local = net::Address::parse_ip("127.0.0.1", url.port).value();
    route::ExchangeView view;
    view.request = &request;
    view.local = &local;
    const auto [route, prefix] = list_.table->find(view);
    if (route == nullptr || (only != nullptr && route != only)) return std::nullopt;
    // One that stands before it may take the request.
    if (route->index > list_.first_unsure) return std::nullopt;
    const auto* to = std::get_if<route::Redirect>(&route->action);
    const route::Match& match = route->match;
    if (to == nullptr || match.percent || !match.cookies.empty() || !match.vars.empty()) {
      return std::nullopt;
    }
    return parse(route::location_of(*to, view, prefix, arena), url);
  }

  std::optional<Url> parse(std::string_view location, const Url& from) const {
    if (location.starts_with('/') && !location.starts_with("//")) {
      return Url{from.host, from.port, path_of(std::string(location))};
    }
    const auto question = Question::parse(location);
    if (!question || question->scheme != "http" || !list_.ports.contains(question->port())) {
      return std::nullopt;
    }
    const std::string& authority = question->authority;
    const std::string port = ':' + std::to_string(question->port());
    const bool has_port = authority.ends_with(port);
    return Url{authority.substr(0, authority.size() - (has_port ? port.size() : 0)),
               question->port(), path_of(question->target)};
  }

  static std::string path_of(const std::string& target) {
    return target.substr(0, target.find_first_of("?#"));
  }

  const RouteList& list_;
};

std::vector<std::string> hosts_of(const route::Match& match) {
  std::vector<std::string> hosts;
  for (const route::TextMatch& host : match.hosts) {
    if (host.kind != Kind::Exact || host.inverted) continue;
    const bool star = host.text.starts_with('*');
    hosts.push_back(host.text == "*" ? std::string(kAnyHost)
                                     : (star ? "host" + host.text.substr(1) : host.text));
  }
  if (match.hosts.empty()) hosts.emplace_back(kAnyHost);
  return hosts;
}

std::vector<std::string> paths_of(const route::Match& match) {
  std::vector<std::string> paths = match.prefixes;
  for (const route::TextMatch& path : match.paths) {
    const bool begins = path.kind == Kind::Exact || path.kind == Kind::Prefix;
    if (begins && !path.inverted) paths.push_back(path.text);
  }
  if (paths.empty() && match.paths.empty() && match.regexes.empty()) paths.emplace_back("/");
  return paths;
}

// The first request that a redirect sends round in circles.
std::optional<Url> looping(const RouteList& list, const route::Route& route) {
  const Follower follower(list);
  int tried = 0;
  for (const std::uint16_t port : list.ports) {
    for (const std::string& host : hosts_of(route.match)) {
      for (const std::string& path : paths_of(route.match)) {
        if (++tried > kMostTried) return std::nullopt;
        const Url url{host, port, path};
        if (follower.loops(route, url)) return url;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

void report_redirect_loops(Scope& scope, Reading& reading) {
  const auto step = reading.enter("routes");
  for (const auto& list : scope.route_lists()) {
    if (list->table == nullptr) continue;
    const auto inner = reading.enter(list->written.name);
    for (const route::Route& route : list->table->routes()) {
      if (!std::holds_alternative<route::Redirect>(route.action)) continue;
      const model::Route& written = list->written.value[route.index];
      const auto of_route =
          written.name.empty() ? reading.enter(route.index) : reading.enter(written.name);
      if (reading.lacks_values() || !reading.sound(written.where)) continue;
      const auto url = looping(*list, route);
      if (!url) continue;
      const std::size_t before = reading.diagnostics().kept();
      reading.warning_below("redirect", written.where,
                            "leads back to itself: " + url->text() + " is redirected for ever");
      reading.diagnostics().involve(before, reading.path().text());
    }
  }
}

}  // namespace weir::config
