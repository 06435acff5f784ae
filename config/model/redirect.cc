#include "config/model/redirect.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/model/open_redirect.h"

namespace weir::config::model {

namespace {

bool begins_like_url(const std::string& text) {
  return text.starts_with("https://") || text.starts_with("http://") || text.starts_with('/') ||
         text.starts_with('%');
}

// In `host` as it is written.
bool has_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  return host.find("${") == host.npos && colon != host.npos && colon > 0 &&
         host.find(']', colon) == host.npos && (host.starts_with('[') || host.find(':') == colon);
}

}  // namespace

std::optional<route::PathRewrite> PathChange::compiled(Reading& reading, bool& ok) const {
  if (!prefix && !regex) return std::nullopt;
  if (regex && !regex->sound) return std::nullopt;
  const Position where = prefix ? prefix->where : substitution ? substitution->where : Position();
  if (reading.unread(where)) return std::nullopt;
  const bool from_elsewhere = reading.written().at(where) != nullptr;
  auto rewrite =
      prefix ? route::PathRewrite::prefix(prefix->value)
             : route::PathRewrite::regex(regex->text, substitution ? substitution->value : "");
  if (rewrite) {
    if (from_elsewhere) rewrite->hide();
    return std::move(rewrite).value();
  }
  const auto step = reading.enter(prefix ? "prefix" : "substitution");
  ok = reading.error(
      where, reading.told(where, rewrite.error(), "the value makes no path of what matched"));
  return std::nullopt;
}

void Redirect::expand(Node& node) {
  if (!node.is_scalar()) return;
  const bool scheme = node.text() == "https" || node.text() == "http";
  Node map = Node::map(node.where());
  map.add(scheme ? "scheme" : "url", std::move(node));
  node = std::move(map);
}

bool Redirect::check_values(Reading& reading) const {
  constexpr std::array<std::uint16_t, 5> kStatuses = {301, 302, 303, 307, 308};
  bool ok = true;
  const auto fail = [&](Position where, std::string_view key, std::string message) {
    if (!reading.unread(where)) ok = reading.error_below(key, where, std::move(message));
  };
  if (std::find(kStatuses.begin(), kStatuses.end(), status.value) == kStatuses.end()) {
    fail(status.where, "status", "a redirect is 301, 302, 303, 307 or 308");
  }
  if (scheme && scheme->value != "http" && scheme->value != "https") {
    fail(scheme->where, "scheme",
         reading.quoted(scheme->where, scheme->value) + " is not http or https");
  }
  if (url && !begins_like_url(url->value.value)) {
    fail(url->where, "url",
         reading.quoted(url->where, url->value.value) + " is neither https nor a URL such as " +
             "https://www.example.com/");
  }
  const std::string_view to = path ? std::string_view(path->value.value) : "/";
  if (!to.starts_with('/') && !to.starts_with('%')) {
    fail(path->where, "path", reading.quoted(path->where, to) + " does not begin with '/'");
  }
  const auto check_known = [&](std::string_view key, const route::Template& text, Position where) {
    const auto step = reading.enter(key);
    ok = check_variables(text, where, kUnknownAtFirst, reading) && ok;
  };
  if (host) check_known("host", host->value.text, host->where);
  if (path) check_known("path", path->value.text, path->where);
  if (url) check_known("url", url->value.text, url->where);
  if (ok && host) warn_if_open("host", host->value.value, "https://", host->where, reading);
  if (ok && url) warn_if_open("url", url->value.value, {}, url->where, reading);
  return ok;
}

bool Redirect::check(const Node& node, Reading& reading) const {
  bool ok = true;
  const Node* const written = node.find("host");
  if (port && written != nullptr && has_port(written->text())) {
    ok = reading.error_below("host", written->where(), "has a port, and so has port: write one");
  }
  if (url && (scheme || host || port || strip_query)) {
    ok = reading.error_below("url", url->where,
                             "a whole URL leaves no room for scheme, host, port or strip_query");
  }
  if (regex && !substitution && reading.sound({"substitution"})) {
    ok = reading.error_below("substitution", node.where(), "missing and required with regex");
  }
  if (substitution && !regex && reading.sound({"regex"})) {
    ok = reading.error_below("substitution", substitution->where, "means nothing without regex");
  }
  if (node.entries().empty() || (node.entries().size() == 1 && node.find("status") != nullptr)) {
    ok = reading.error(node, "leads back to where it came from: write https, a URL or its parts");
  }
  return ok;
}

std::optional<route::Redirect> Redirect::compiled(Reading& reading) const {
  route::Redirect to;
  bool ok = true;
  to.status = status.value;
  if (scheme) to.scheme = scheme->value;
  if (host) to.host = host->value.text;
  to.port = port;
  to.strip_query = strip_query;
  if (path) to.path = path->value.text;
  if (url) to.url = url->value.text;
  to.rewrite = PathChange{prefix, regex, substitution}.compiled(reading, ok);
  if (!ok) return std::nullopt;
  return to;
}

}  // namespace weir::config::model
