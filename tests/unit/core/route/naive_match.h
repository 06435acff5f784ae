#pragma once

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <vector>

#include "core/route/exchange_view.h"
#include "core/route/match.h"
#include "core/route/regex.h"

// What a Match means, written down as plainly as possible: the compiled table is compared with
// this. Shares only Regex and Cidr with it.
namespace weir::route::naive {

using Values = std::vector<std::string>;

inline std::string decoded(const std::string& raw) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const std::string hex = raw.substr(i + 1, 2);
    if (raw[i] == '%' && hex.size() == 2 && std::isxdigit(static_cast<unsigned char>(hex[0])) &&
        std::isxdigit(static_cast<unsigned char>(hex[1]))) {
      text += static_cast<char>(std::stoi(hex, nullptr, 16));
      i += 2;
    } else {
      text += raw[i] == '+' ? ' ' : raw[i];
    }
  }
  return text;
}

inline std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline std::string trimmed(std::string text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.erase(0, 1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  return text;
}

inline Values headers(const http::Request& request, const std::string& name) {
  Values values;
  if (name == "host" && !request.authority.empty()) values.emplace_back(request.authority);
  for (const http::Header& header : request.headers.all()) {
    if (header.name() == name) values.emplace_back(header.value());
  }
  return values;
}

inline Values query(const http::Request& request, const std::string& name) {
  Values values;
  std::string text(request.query);
  if (!text.empty() && text[0] == '?') text.erase(0, 1);
  for (const std::string& pair : split(text, '&')) {
    const std::size_t equals = pair.find('=');
    if (pair.empty() || decoded(pair.substr(0, equals)) != name) continue;
    values.push_back(equals == pair.npos ? "" : decoded(pair.substr(equals + 1)));
  }
  return values;
}

inline Values cookies(const http::Request& request, const std::string& name) {
  Values values;
  for (const std::string& field : headers(request, "cookie")) {
    for (const std::string& pair : split(field, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals == pair.npos || trimmed(pair.substr(0, equals)) != name || name.empty()) continue;
      std::string value = trimmed(pair.substr(equals + 1));
      if (value.size() > 1 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      values.push_back(value);
    }
  }
  return values;
}

inline Values vars(const http::Variables& variables, const std::string& name) {
  const auto text = variables.text(name);
  return text ? Values{std::string(*text)} : Values();
}

inline bool regex_matches(const std::string& pattern, const std::string& text) {
  static std::map<std::string, Regex> compiled;
  auto known = compiled.find(pattern);
  if (known == compiled.end()) {
    known = compiled.emplace(pattern, Regex::compile(pattern).value()).first;
  }
  return known->second.matches(text);
}

inline bool has(const TextMatch& match, const std::string& value) {
  switch (match.kind) {
    case TextMatch::Kind::Exact:
      return value == match.text;
    case TextMatch::Kind::Prefix:
      return value.substr(0, match.text.size()) == match.text;
    case TextMatch::Kind::Suffix:
      return value.size() >= match.text.size() &&
             value.substr(value.size() - match.text.size()) == match.text;
    case TextMatch::Kind::Contains:
      return value.find(match.text) != value.npos;
    case TextMatch::Kind::Regex:
      return regex_matches(match.text, value);
    case TextMatch::Kind::Present:
      return true;
  }
  return false;
}

inline bool allows(const std::vector<TextMatch>& any, const Values& values) {
  if (any.empty()) return true;
  for (const TextMatch& match : any) {
    bool found = false;
    for (const std::string& value : values) found = found || has(match, value);
    if (found != match.inverted) return true;
  }
  return false;
}

inline bool allows_host(const std::vector<TextMatch>& any, const std::string& host) {
  std::vector<TextMatch> patterns = any;
  for (TextMatch& match : patterns) {
    if (match.kind != TextMatch::Kind::Exact || match.text[0] != '*') continue;
    match.kind = match.text == "*" ? TextMatch::Kind::Present : TextMatch::Kind::Suffix;
    match.text.erase(0, 1);
  }
  return allows(patterns, {host});
}

inline bool allows_prefix(const std::vector<std::string>& prefixes, const std::string& path) {
  if (prefixes.empty()) return true;
  for (std::string prefix : prefixes) {
    while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
    if (!prefix.empty() && path == prefix) return true;
    if (path.substr(0, prefix.size() + 1) == prefix + "/") return true;
  }
  return false;
}

// Not for `percent`.
inline bool matches(const Match& match, const ExchangeView& exchange,
                    const std::vector<std::string>& flag_names) {
  const http::Request& request = *exchange.request;
  const std::string path(request.path);
  const auto all = [&](const std::vector<NamedMatch>& named, const auto& values_of) {
    return std::all_of(named.begin(), named.end(),
                       [&](const NamedMatch& one) { return allows(one.any, values_of(one.name)); });
  };
  bool regex = match.regexes.empty();
  for (const std::string& pattern : match.regexes) {
    regex = regex || regex_matches(pattern, path);
  }
  bool method = match.methods.empty();
  for (const std::string& name : match.methods) method = method || name == request.method_name;
  bool address = match.client_ip.empty();
  for (const net::Cidr& cidr : match.client_ip) address |= cidr.contains(*exchange.client);
  bool port = match.ports.empty();
  for (const PortRange& range : match.ports) {
    port = port || (exchange.local->port() >= range.first && exchange.local->port() <= range.last);
  }
  bool flag = match.flags.empty();
  for (std::size_t i = 0; i < flag_names.size(); ++i) {
    const bool asked =
        std::find(match.flags.begin(), match.flags.end(), flag_names[i]) != match.flags.end();
    flag = flag || (asked && (exchange.flags >> i & 1) != 0);
  }
  return regex && method && address && port && flag &&
         allows_host(match.hosts, std::string(request.host)) && allows(match.paths, {path}) &&
         allows_prefix(match.prefixes, path) &&
         all(match.headers, [&](const std::string& name) { return headers(request, name); }) &&
         all(match.query, [&](const std::string& name) { return query(request, name); }) &&
         all(match.cookies, [&](const std::string& name) { return cookies(request, name); }) &&
         all(match.vars, [&](const std::string& name) { return vars(*exchange.vars, name); });
}

}  // namespace weir::route::naive
