#include "config/model/redirect.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::config::model {

namespace {

std::optional<route::Template> parse_template(const Located<std::string>& text,
                                              std::string_view key, Reading& reading) {
  auto parsed = route::Template::parse(text.value);
  if (parsed) return std::move(parsed).value();
  const auto step = reading.enter(key);
  reading.error(text.where, std::move(parsed).error().message);
  return std::nullopt;
}

bool begins_like_url(const std::string& text) {
  return text.starts_with("https://") || text.starts_with("http://") || text.starts_with('/') ||
         text.starts_with('%');
}

}  // namespace

std::optional<route::PathRewrite> PathChange::compiled(Reading& reading, bool& ok) const {
  if (!prefix && !regex) return std::nullopt;
  const Position where = prefix ? prefix->where : substitution ? substitution->where : Position();
  auto rewrite =
      prefix ? route::PathRewrite::prefix(prefix->value)
             : route::PathRewrite::regex(regex->text, substitution ? substitution->value : "");
  if (rewrite) return std::move(rewrite).value();
  const auto step = reading.enter(prefix ? "prefix" : "substitution");
  ok = reading.error(where, std::move(rewrite).error().message);
  return std::nullopt;
}

void Redirect::expand(Node& node) {
  if (!node.is_scalar()) return;
  const bool scheme = node.text() == "https" || node.text() == "http";
  Node map = Node::map(node.where());
  map.add(scheme ? "scheme" : "url", std::move(node));
  node = std::move(map);
}

bool Redirect::check(const Node& node, Reading& reading) const {
  constexpr std::array<std::uint16_t, 5> kStatuses = {301, 302, 303, 307, 308};
  bool ok = true;
  const auto fail = [&](Position where, std::string_view key, std::string message) {
    ok = reading.error_below(key, where, std::move(message));
  };
  if (std::find(kStatuses.begin(), kStatuses.end(), status) == kStatuses.end()) {
    fail(node.find("status")->where(), "status", "a redirect is 301, 302, 303, 307 or 308");
  }
  if (scheme && scheme->value != "http" && scheme->value != "https") {
    fail(scheme->where, "scheme", "'" + scheme->value + "' is not http or https");
  }
  if (url && !begins_like_url(url->value)) {
    fail(url->where, "url",
         "'" + url->value + "' is neither https nor a URL such as " + "https://www.example.com/");
  }
  if (url && (scheme || host || port || strip_query)) {
    fail(url->where, "url", "a whole URL leaves no room for scheme, host, port or strip_query");
  }
  if (path && !path->value.starts_with('/') && !path->value.starts_with('%')) {
    fail(path->where, "path", "'" + path->value + "' does not begin with '/'");
  }
  if (regex && !substitution) fail(node.where(), "substitution", "missing and required with regex");
  if (substitution && !regex)
    fail(substitution->where, "substitution", "means nothing without regex");
  if (node.entries().empty() || (node.entries().size() == 1 && node.find("status") != nullptr)) {
    ok = reading.error(node, "leads back to where it came from: write https, a URL or its parts");
  }
  return ok;
}

std::optional<route::Redirect> Redirect::compiled(Reading& reading) const {
  route::Redirect to;
  bool ok = true;
  to.status = status;
  if (scheme) to.scheme = scheme->value;
  to.host = host;
  to.port = port;
  to.strip_query = strip_query;
  if (path && !(to.path = parse_template(*path, "path", reading))) ok = false;
  if (url && !(to.url = parse_template(*url, "url", reading))) ok = false;
  to.rewrite = PathChange{prefix, regex, substitution}.compiled(reading, ok);
  if (!ok) return std::nullopt;
  return to;
}

}  // namespace weir::config::model
