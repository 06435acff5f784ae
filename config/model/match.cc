#include "config/model/match.h"

#include <algorithm>

#include "config/model/server_names.h"
#include "config/types/header_edits.h"
#include "config/types/parsed.h"
#include "core/base/quote.h"
#include "core/http/authority.h"
#include "core/http/chars.h"
#include "core/http/header_id.h"
#include "core/http/hop_by_hop.h"

namespace weir::config {

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto number = parse_integer(text);
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

Result<route::PortRange> parse_ports(std::string_view text) {
  const std::size_t dash = text.find('-', 1);
  const auto first = parse_port(text.substr(0, dash));
  const auto last = dash == text.npos ? first : parse_port(text.substr(dash + 1));
  if (first && last && *first <= *last) return route::PortRange{*first, *last};
  return config_error(quote(text) + " is not a port of 1 to 65535, nor a range such as 8000-8999");
}

}  // namespace

bool Custom<route::PortRange>::read(const Node& node, route::PortRange& value, Reading& reading) {
  return read_parsed(node, value, reading, wanted, &parse_ports);
}

namespace model {

namespace {

using Kind = route::TextMatch::Kind;

// A host that is written exactly: a name or address, `*.suffix` or `*`, without a port.
bool check_host(const TextMatch& host, Reading& reading) {
  const auto step = reading.enter("host");
  if (!host.exact || reading.unread(host.exact->where)) return true;
  const std::string& text = host.exact->value;
  const Position where = host.exact->where;
  const std::string quoted = reading.quoted(where, text);
  const std::size_t star = text.find('*', text.starts_with('*') ? 1 : 0);
  const bool star_first = text.starts_with('*') && text != "*" && !text.starts_with("*.");
  if (text.empty()) return reading.error(where, "an empty host matches nothing");
  if (star != text.npos || star_first || text == "*.") {
    return reading.error(where, quoted + " matches no host: a star is '*' alone or begins '*.'");
  }
  if (text.find_first_of("/ \t@") != text.npos) {
    return reading.error(where, quoted + " is no host: it is a name or an address alone");
  }
  const std::size_t colon = text.rfind(':');
  if (colon != text.npos && text.find(']', colon) == text.npos && text.find(':') == colon) {
    const auto part = [&](std::string_view piece) {
      return quoted == quote(text) ? clipped(piece) : "…";
    };
    return reading.error(where, quoted + " has a port: write host: " + part(text.substr(0, colon)) +
                                    " and port: " + part(text.substr(colon + 1)));
  }
  const std::string_view name = std::string_view(text).substr(text.starts_with("*.") ? 2 : 0);
  if (text != "*" && !http::parse_authority(lower_case(name))) {
    return reading.error(where, quoted + " matches no host: requests with it are refused");
  }
  return true;
}

bool check_paths(const Match& match, Reading& reading) {
  bool ok = true;
  const auto fail = [&](std::string_view key, const Located<std::string>& text,
                        std::string_view why) {
    ok = reading.error_below(
        key, text.where,
        reading.quoted(text.where, text.value) + " matches no path: " + std::string(why));
  };
  constexpr std::string_view kNoQuery = "the query is no part of it";
  for (const TextMatch& path : match.path) {
    const auto& text = path.exact ? path.exact : path.prefix;
    if (!text || reading.unread(text->where)) continue;
    if (!text->value.starts_with('/') && text->value != "*") {
      fail("path", *text, "paths begin with '/'");
    }
    if (text->value.find_first_of("?#") != std::string::npos) {
      fail("path", *text, kNoQuery);
    }
  }
  for (const auto& prefix : match.prefix) {
    if (reading.unread(prefix.where)) continue;
    if (!prefix.value.starts_with('/')) {
      fail("prefix", prefix, "a prefix begins with '/'");
    } else if (prefix.value.find_first_of("?#") != std::string::npos) {
      fail("prefix", prefix, kNoQuery);
    }
  }
  return ok;
}

bool check_methods(const Match& match, Reading& reading) {
  const auto step = reading.enter("methods");
  bool ok = true;
  for (const auto& method : match.methods) {
    if (reading.unread(method.where)) continue;
    const std::string quoted = reading.quoted(method.where, method.value);
    if (!http::is_token(method.value)) {
      ok = reading.error(method.where, quoted + " is no method");
    } else if (method.value == "CONNECT") {
      ok = reading.error(method.where, "CONNECT is refused before a route is chosen");
    } else if (lower_case(method.value) == method.value) {
      ok = reading.error(method.where,
                         "methods are case-sensitive: " + quoted + " is not what clients send");
    }
  }
  return ok;
}

bool check_no_connection_fields(const NamedMatches& matches, Reading& reading) {
  const auto step = reading.enter("headers");
  bool ok = true;
  for (const auto& entry : matches) {
    if (!http::is_hop_by_hop(http::header_id(lower_case(entry.name)))) continue;
    const auto inner = reading.enter(entry.name);
    ok = reading.error(entry.where, quote(entry.name) +
                                        " is about one connection: no request has it when its "
                                        "route is chosen");
  }
  return ok;
}

std::vector<std::string> texts(const std::vector<Located<std::string>>& values) {
  std::vector<std::string> all;
  for (const auto& value : values) all.push_back(value.value);
  return all;
}

// Whether no path that is written exactly lies below a prefix; those with a `%` are not judged.
bool paths_exclude_prefixes(const Match& match) {
  const auto meets = [&](const TextMatch& path) {
    if (!path.exact || path.exact->value.find('%') != std::string::npos) return true;
    return std::any_of(match.prefix.begin(), match.prefix.end(), [&](const auto& prefix) {
      std::string_view beginning = prefix.value;
      if (beginning.ends_with('/')) beginning.remove_suffix(1);
      if (beginning.find('%') != beginning.npos) return true;
      const std::string_view text = path.exact->value;
      return text.starts_with(beginning) &&
             (text.size() == beginning.size() || text[beginning.size()] == '/');
    });
  };
  return !match.path.empty() && !match.prefix.empty() &&
         std::none_of(match.path.begin(), match.path.end(), meets);
}

// What operators set is a layer with the names of flags as keys.
bool check_flags(const Match& match, Reading& reading) {
  bool ok = true;
  for (const auto& flag : match.flag) {
    if (!flag.value.starts_with('$')) continue;
    ok = reading.error_below("flag", flag.where,
                             reading.quoted(flag.where, flag.value) +
                                 " cannot be the name of a flag: below flags, what begins with '$' "
                                 "is a directive");
  }
  return ok;
}

}  // namespace

bool Match::check_values(Reading& reading) const {
  bool ok = true;
  for (const TextMatch& one : host) ok = check_host(one, reading) && ok;
  ok = check_paths(*this, reading) && ok;
  ok = check_methods(*this, reading) && ok;
  ok = check_flags(*this, reading) && ok;
  ok = check_server_names(sni, reading) && ok;
  ok = check_header_matches(headers, "headers", reading) && ok;
  ok = check_no_connection_fields(headers, reading) && ok;
  ok = check_named_matches(query, "query", reading) && ok;
  ok = check_named_matches(cookies, "cookies", reading) && ok;
  return check_named_matches(var, "var", reading) && ok;
}

// What those expect who know the notations of others.
bool Match::check(const Node& node, Reading& reading) const {
  const auto warn_of_star = [&](std::string_view key, const std::string& text, Position at) {
    if (text == "*" || text.find('*') == text.npos) return;
    reading.warning_below(key, at,
                          "a star stands for itself: write prefix or regex for many paths");
  };
  for (const TextMatch& one : path) {
    if (one.exact) warn_of_star("path", one.exact->value, one.where);
    if (one.prefix) warn_of_star("path", one.prefix->value, one.where);
  }
  for (const auto& one : prefix) warn_of_star("prefix", one.value, one.where);
  for (const auto& one : regex) {
    const std::string_view text = one.value.text;
    if (!text.starts_with('^') || text.ends_with('$') || text.ends_with('*')) continue;
    reading.warning_below("regex", one.where,
                          "matches whole paths, with ^ or without: write .* where more may follow");
  }
  if (paths_exclude_prefixes(*this) && reading.sound({"path", "prefix"}) &&
      !reading.lacks_values()) {
    reading.warning_below("path", node.find("path")->where(),
                          "is never met: no path of it is below prefix, and both must match");
  }
  if (percent && percent->value == 0 && reading.sound({"percent"})) {
    reading.warning_below("percent", node.find("percent")->where(), "nothing ever matches");
  }
  return true;
}

route::Match Match::compiled() const {
  route::Match match;
  match.hosts = config::compiled(host);
  for (route::TextMatch& one : match.hosts) {
    if (one.kind == Kind::Regex) continue;
    one.text = lower_case(one.text);
    Arena arena;
    if (one.kind == Kind::Exact) one.text = std::string(http::normal_host(one.text, arena));
  }
  match.paths = config::compiled(path);
  match.prefixes = texts(prefix);
  for (const auto& pattern : regex) match.regexes.push_back(pattern.value.text);
  match.methods = texts(methods);
  match.headers = compiled_matches(headers, true);
  match.query = compiled_matches(query, false);
  match.cookies = compiled_matches(cookies, false);
  match.vars = compiled_matches(var, false);
  match.client_ip = client_ip;
  match.sni = compiled_server_names(sni);
  for (const auto& one : port) match.ports.push_back(one.value);
  match.flags = texts(flag);
  if (percent) match.percent = percent->value;
  return match;
}

}  // namespace model

}  // namespace weir::config
