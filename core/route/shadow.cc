#include "core/route/shadow.h"

#include <algorithm>

#include "core/route/exact_key.h"
#include "core/route/host_index.h"
#include "core/route/text_pattern.h"

namespace weir::route {
namespace {

// So that a configuration made to take long to check does not.
constexpr std::size_t kMostAlike = 500;
constexpr std::size_t kMostSegments = 64;

bool operator==(const TextMatch& a, const TextMatch& b) {
  return a.kind == b.kind && a.inverted == b.inverted &&
         (a.text == b.text || a.kind == TextMatch::Kind::Present);
}

// Whether each of `narrow` has one of `wide` that covers it.
template <typename T, typename Covers>
bool each_is_covered(const std::vector<T>& wide, const std::vector<T>& narrow, Covers covers) {
  return !narrow.empty() && std::all_of(narrow.begin(), narrow.end(), [&](const T& small) {
    return std::any_of(wide.begin(), wide.end(),
                       [&](const T& large) { return covers(large, small); });
  });
}

template <typename T>
bool each_is_among(const std::vector<T>& wide, const std::vector<T>& narrow) {
  return each_is_covered(wide, narrow, [](const T& a, const T& b) { return a == b; });
}

bool covers_host(const TextMatch& wide, const TextMatch& narrow) {
  if (wide == narrow) return true;
  if (!is_exact(wide) || !is_exact(narrow)) return false;
  if (wide.text == "*") return true;
  return wide.text.starts_with("*.") && narrow.text != "*" &&
         std::string_view(narrow.text).ends_with(std::string_view(wide.text).substr(1));
}

// Of one value out of several: only what `narrow` says about the value that it found counts.
bool covers_text(const TextMatch& wide, const TextMatch& narrow) {
  if (wide == narrow) return true;
  if (wide.inverted || narrow.inverted) return false;
  if (wide.kind == TextMatch::Kind::Present) return true;
  if (wide.kind == TextMatch::Kind::Exact || narrow.kind != TextMatch::Kind::Exact) return false;
  const auto pattern = TextPattern::compile(wide);
  return pattern && pattern->has(narrow.text);
}

bool has_exact_paths(const Match& match) {
  return !match.paths.empty() && std::all_of(match.paths.begin(), match.paths.end(), is_exact);
}

bool covers_path(const Match& wide, const Condition& condition, const Match& narrow) {
  if (has_exact_paths(narrow)) {
    return std::all_of(narrow.paths.begin(), narrow.paths.end(),
                       [&](const TextMatch& path) { return condition.allows_path(path.text, {}); });
  }
  const auto is_below = [](const std::string& large, const std::string& small) {
    const std::string_view prefix = normal_prefix(small);
    return normal_prefix(large) == prefix || is_under(prefix, normal_prefix(large));
  };
  return (wide.paths.empty() || each_is_among(wide.paths, narrow.paths)) &&
         (wide.regexes.empty() || each_is_among(wide.regexes, narrow.regexes)) &&
         (wide.prefixes.empty() || each_is_covered(wide.prefixes, narrow.prefixes, is_below));
}

bool covers_named(const std::vector<NamedMatch>& wide, const std::vector<NamedMatch>& narrow) {
  return std::all_of(wide.begin(), wide.end(), [&](const NamedMatch& large) {
    return large.any.empty() ||
           std::any_of(narrow.begin(), narrow.end(), [&](const NamedMatch& small) {
             return large.name == small.name && each_is_covered(large.any, small.any, covers_text);
           });
  });
}

bool covers_connection(const Match& wide, const Match& narrow) {
  const auto is_in = [](const net::Cidr& large, const net::Cidr& small) {
    return large.contains(small);
  };
  const auto is_within = [](const PortRange& large, const PortRange& small) {
    return large.first <= small.first && small.last <= large.last;
  };
  return (wide.client_ip.empty() || each_is_covered(wide.client_ip, narrow.client_ip, is_in)) &&
         (wide.sni.empty() || each_is_covered(wide.sni, narrow.sni, covers_host)) &&
         (wide.alpn.empty() || each_is_among(wide.alpn, narrow.alpn)) &&
         (wide.ports.empty() || each_is_covered(wide.ports, narrow.ports, is_within)) &&
         (wide.flags.empty() || each_is_among(wide.flags, narrow.flags));
}

}  // namespace

bool covers(const Match& wide, const Condition& wide_condition, const Match& narrow) {
  return (!wide.percent || *wide.percent >= 100) &&
         (wide.methods.empty() || each_is_among(wide.methods, narrow.methods)) &&
         (wide.hosts.empty() || each_is_covered(wide.hosts, narrow.hosts, covers_host)) &&
         covers_path(wide, wide_condition, narrow) && covers_named(wide.headers, narrow.headers) &&
         covers_named(wide.query, narrow.query) && covers_named(wide.cookies, narrow.cookies) &&
         covers_named(wide.vars, narrow.vars) && covers_connection(wide, narrow);
}

std::optional<std::uint32_t> ShadowSearch::add(const Match& match, const Condition& condition) {
  const auto number = static_cast<std::uint32_t>(earlier_.size());
  const bool has_hosts = has_indexed_hosts(match);
  std::optional<std::uint32_t> first;
  search(any_host_, match, first);
  // What covers the route covers its first host.
  if (has_hosts) search_host(match.hosts.front().text, match, first);

  earlier_.push_back({&match, &condition});
  if (!has_hosts) any_host_.add(number, match);
  for (std::size_t i = 0; has_hosts && i < match.hosts.size(); ++i) {
    by_host_[match.hosts[i].text].add(number, match);
  }
  return first;
}

void ShadowSearch::ByPath::add(std::uint32_t number, const Match& match) {
  if (has_exact_paths(match)) {
    for (const TextMatch& path : match.paths) exact[path.text].push_back(number);
  } else if (match.paths.empty() && !match.prefixes.empty()) {
    for (const std::string& text : match.prefixes) {
      prefix[std::string(normal_prefix(text))].push_back(number);
    }
  } else {
    others.push_back(number);
  }
}

// What covers the route covers its first path, or its first prefix.
void ShadowSearch::search(const ByPath& routes, const Match& match,
                          std::optional<std::uint32_t>& first) const {
  search(routes.others, match, first);
  const auto search_one = [&](const auto& map, std::string_view text) {
    const auto found = map.find(std::string(text));
    if (found != map.end()) search(found->second, match, first);
  };
  std::string_view path;
  if (!match.paths.empty() && is_exact(match.paths.front())) {
    path = match.paths.front().text;
    search_one(routes.exact, path);
  } else if (!match.prefixes.empty()) {
    path = normal_prefix(match.prefixes.front());
  } else {
    return;
  }
  if (routes.prefix.empty()) return;
  search_one(routes.prefix, path);
  std::size_t slash = 0;
  for (std::size_t i = 0; i < kMostSegments && slash != path.npos; ++i) {
    search_one(routes.prefix, path.substr(0, slash));
    slash = path.find('/', slash + 1);
  }
}

void ShadowSearch::search_host(const std::string& host, const Match& match,
                               std::optional<std::uint32_t>& first) const {
  const auto search_text = [&](const std::string& text) {
    const auto found = by_host_.find(text);
    if (found != by_host_.end()) search(found->second, match, first);
  };
  search_text(host);
  for (std::size_t dot = host.find('.'); dot != host.npos; dot = host.find('.', dot + 1)) {
    search_text("*" + host.substr(dot));
  }
}

void ShadowSearch::search(const Numbers& numbers, const Match& match,
                          std::optional<std::uint32_t>& first) const {
  for (std::size_t i = 0; i < std::min(numbers.size(), kMostAlike); ++i) {
    const std::uint32_t number = numbers[i];
    if (first && *first <= number) return;
    if (!covers(*earlier_[number].match, *earlier_[number].condition, match)) continue;
    first = number;
    return;
  }
}

}  // namespace weir::route
