#include "core/route/condition.h"

#include <algorithm>

#include "core/base/quote.h"

namespace weir::route {
namespace {

Result<std::uint64_t> flag_bits(const std::vector<std::string>& flags,
                                std::span<const std::string> names) {
  std::uint64_t bits = 0;
  for (const std::string& flag : flags) {
    const auto place = std::find(names.begin(), names.end(), flag) - names.begin();
    if (place == std::ssize(names))
      return config_error("there is no flag \"" + clipped(flag) + "\"");
    if (place >= 64)
      return config_error("flag \"" + clipped(flag) + "\" is one too many: 64 are possible");
    bits |= std::uint64_t{1} << place;
  }
  return bits;
}

bool any_matches(const std::vector<TextPattern>& patterns, std::string_view value) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [value](const TextPattern& pattern) { return pattern.matches(value); });
}

}  // namespace

bool is_under(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return path.size() > prefix.size() ? path[prefix.size()] == '/' : !prefix.empty();
}

std::string_view normal_prefix(std::string_view prefix) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  return prefix;
}

Result<Condition> Condition::compile(const Match& match, std::span<const std::string> flag_names,
                                     std::uint32_t seed) {
  Condition condition;
  condition.seed_ = seed;
  for (const TextMatch& host : match.hosts) {
    WEIR_TRY(pattern, TextPattern::compile_host(host));
    condition.hosts_.push_back(std::move(pattern));
  }
  for (const TextMatch& path : match.paths) {
    WEIR_TRY(pattern, TextPattern::compile(path));
    condition.paths_.push_back(std::move(pattern));
  }
  for (const std::string& prefix : match.prefixes) {
    if (!prefix.starts_with('/')) {
      return config_error("the prefix \"" + clipped(prefix) + "\" must begin with \"/\"");
    }
    condition.prefixes_.emplace_back(normal_prefix(prefix));
  }
  for (const std::string& pattern : match.regexes) {
    WEIR_TRY(regex, Regex::compile(pattern));
    condition.regexes_.push_back(std::move(regex));
  }
  condition.methods_ = match.methods;
  WEIR_TRY_VOID(condition.add(ValueSource::Header, match.headers));
  WEIR_TRY_VOID(condition.add(ValueSource::Query, match.query));
  WEIR_TRY_VOID(condition.add(ValueSource::Cookie, match.cookies));
  WEIR_TRY_VOID(condition.add(ValueSource::Variable, match.vars));
  condition.ports_ = match.ports;
  if (!match.client_ip.empty()) condition.client_ip_.emplace(match.client_ip);
  for (const TextMatch& name : match.sni) {
    WEIR_TRY(pattern, TextPattern::compile_host(name));
    condition.sni_.push_back(std::move(pattern));
  }
  condition.alpn_ = match.alpn;
  WEIR_TRY(flags, flag_bits(match.flags, flag_names));
  condition.flags_ = flags;
  if (match.percent) {
    if (!(*match.percent >= 0 && *match.percent <= 100)) {
      return config_error("percent must be 0 to 100");
    }
    condition.share_ = static_cast<std::uint64_t>(*match.percent / 100 * 4294967296.0);
  }
  return condition;
}

Result<void> Condition::add(ValueSource source, const std::vector<NamedMatch>& matches) {
  for (const NamedMatch& match : matches) {
    if (match.any.empty()) continue;
    Named named{ValueName(source, match.name), {}};
    for (const TextMatch& text : match.any) {
      WEIR_TRY(pattern, TextPattern::compile(text));
      named.any.push_back(std::move(pattern));
    }
    named_.push_back(std::move(named));
  }
  return {};
}

bool Condition::matches(const ExchangeView& exchange, Known known) const {
  return allows_request(exchange.request, known) && allows_connection(exchange) &&
         std::all_of(named_.begin(), named_.end(),
                     [&](const Named& named) { return named.matches(exchange); }) &&
         is_chosen(exchange.random);
}

bool Condition::allows_request(const http::Request* request, Known known) const {
  if (request == nullptr) {
    return hosts_.empty() && paths_.empty() && prefixes_.empty() && regexes_.empty() &&
           methods_.empty();
  }
  if (!hosts_.empty() && !known.hosts && !any_matches(hosts_, request->host)) return false;
  if (!methods_.empty() &&
      std::find(methods_.begin(), methods_.end(), request->method_name) == methods_.end()) {
    return false;
  }
  return allows_path(request->path, known);
}

bool Condition::allows_path(std::string_view path, Known known) const {
  if (!paths_.empty() && !known.paths && !any_matches(paths_, path)) return false;
  if (!prefixes_.empty() && !known.prefixes &&
      std::none_of(prefixes_.begin(), prefixes_.end(),
                   [path](const std::string& prefix) { return is_under(path, prefix); })) {
    return false;
  }
  return regexes_.empty() || known.regexes ||
         std::any_of(regexes_.begin(), regexes_.end(),
                     [path](const Regex& regex) { return regex.matches(path); });
}

std::string_view Condition::matched_prefix(std::string_view path) const {
  const std::string* longest = nullptr;
  for (const std::string& prefix : prefixes_) {
    if (!is_under(path, prefix)) continue;
    if (longest == nullptr || prefix.size() > longest->size()) longest = &prefix;
  }
  if (longest == nullptr) return {};
  return longest->empty() ? std::string_view("/") : *longest;
}

bool Condition::allows_connection(const ExchangeView& exchange) const {
  if (flags_ != 0 && (exchange.flags & flags_) == 0) return false;
  if (client_ip_ && !(exchange.client && client_ip_->contains(*exchange.client))) return false;
  if (!allows_hello(exchange)) return false;
  if (ports_.empty()) return true;
  if (exchange.local == nullptr) return false;
  const std::uint16_t port = exchange.local->port();
  return std::any_of(ports_.begin(), ports_.end(), [port](const PortRange& range) {
    return range.first <= port && port <= range.last;
  });
}

bool Condition::allows_hello(const ExchangeView& exchange) const {
  const std::string_view name = exchange.sni;
  const auto fits = [name](const TextPattern& pattern) {
    return (!name.empty() && pattern.has(name)) != pattern.inverted();
  };
  const auto is_offered = [&exchange](const std::string& wanted) {
    return std::find(exchange.alpn.begin(), exchange.alpn.end(), wanted) != exchange.alpn.end();
  };
  return (sni_.empty() || std::any_of(sni_.begin(), sni_.end(), fits)) &&
         (alpn_.empty() || std::any_of(alpn_.begin(), alpn_.end(), is_offered));
}

// The finalizer of SplitMix64: conditions of one stream see unrelated numbers.
bool Condition::is_chosen(std::uint32_t random) const {
  if (!share_) return true;
  std::uint64_t mixed = (std::uint64_t{seed_} << 32 | random) + 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return (mixed ^ mixed >> 31) >> 32 < *share_;
}

bool Condition::Named::matches(const ExchangeView& exchange) const {
  if (exchange.request == nullptr && name.source != ValueSource::Variable) return false;
  return std::any_of(any.begin(), any.end(), [&](const TextPattern& pattern) {
    const bool has =
        any_value(exchange, name, [&](std::string_view value) { return pattern.has(value); });
    return has != pattern.inverted();
  });
}

}  // namespace weir::route
