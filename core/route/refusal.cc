#include "core/route/refusal.h"

#include <vector>

#include "core/base/check.h"
#include "core/base/suggest.h"
#include "core/route/condition.h"
#include "core/route/named_value.h"

namespace weir::route {
namespace {

std::string described(const TextMatch& match) {
  const std::string text = match.text.empty() ? "\"\"" : match.text;
  const auto kind = [&]() -> std::string {
    switch (match.kind) {
      case TextMatch::Kind::Exact:
        return text;
      case TextMatch::Kind::Prefix:
        return text + "…";
      case TextMatch::Kind::Suffix:
        return "…" + text;
      case TextMatch::Kind::Contains:
        return "…" + text + "…";
      case TextMatch::Kind::Regex:
        return "regex " + text;
      case TextMatch::Kind::Present:
        return "present";
    }
    return text;
  };
  return match.inverted ? "not " + kind() : kind();
}

std::string described(const std::vector<TextMatch>& matches) {
  std::vector<std::string> texts;
  for (const TextMatch& match : matches) texts.push_back(described(match));
  return join_or(texts);
}

std::vector<std::string> texts_of(const std::vector<net::Cidr>& blocks) {
  std::vector<std::string> texts;
  for (const net::Cidr& block : blocks) texts.push_back(block.to_string());
  return texts;
}

std::vector<std::string> texts_of(const std::vector<PortRange>& ranges) {
  std::vector<std::string> texts;
  for (const PortRange& range : ranges) {
    texts.push_back(std::to_string(range.first));
    if (range.last != range.first) texts.back() += "-" + std::to_string(range.last);
  }
  return texts;
}

class Search {
 public:
  Search(const Match& match, std::span<const std::string> flag_names, const ExchangeView& exchange)
      : match_(match), flag_names_(flag_names), exchange_(exchange) {}

  // Asks for one key alone. `has` and `wants` make the words when it does not fit.
  template <typename Member, typename Has, typename Wants>
  void ask(std::string_view key, Member Match::*member, Has has, Wants wants) {
    Match alone;
    alone.*member = match_.*member;
    ask(key, alone, has, wants);
  }

  void ask_named(std::string_view key, ValueSource source, std::vector<NamedMatch> Match::*member) {
    for (const NamedMatch& named : match_.*member) {
      Match alone;
      (alone.*member).push_back(named);
      const auto values = [&] {
        std::vector<std::string> found;
        any_value(exchange_, ValueName(source, named.name), [&](std::string_view value) {
          found.push_back('"' + std::string(value) + '"');
          return false;
        });
        return found.empty() ? std::string("absent, which") : join_or(found);
      };
      const std::string whole = std::string(key) + "." + named.name;
      ask(whole, alone, values, [&] { return shown(whole, described(named.any)); });
    }
  }

  // `text`, which tells of the values of `key`; what was written where those came from elsewhere.
  std::string shown(std::string_view key, std::string text) const {
    std::vector<std::string> texts;
    for (const Written& one : match_.written) {
      if (one.key == key) texts.push_back(one.text);
    }
    return texts.empty() ? text : join_or(texts);
  }

  std::optional<std::string> take() { return std::move(why_); }

 private:
  template <typename Has, typename Wants>
  void ask(std::string_view key, const Match& alone, Has has, Wants wants) {
    if (why_) return;
    const auto condition = Condition::compile(alone, flag_names_, 0);
    WEIR_ASSERT(condition.has_value());
    if (!condition || condition->matches(exchange_)) return;
    why_ = std::string(key) + ": " + std::string(has()) + " is not " + wants();
  }

  const Match& match_;
  std::span<const std::string> flag_names_;
  const ExchangeView& exchange_;
  std::optional<std::string> why_;
};

}  // namespace

std::optional<std::string> refusal(const Match& match, std::span<const std::string> flag_names,
                                   const ExchangeView& exchange) {
  Search search(match, flag_names, exchange);
  const http::Request* const request = exchange.request;
  const auto path = [&] { return request->path; };
  search.ask(
      "host", &Match::hosts, [&] { return request->host.empty() ? "none" : request->host; },
      [&] { return search.shown("host", described(match.hosts)); });
  search.ask("path", &Match::paths, path,
             [&] { return search.shown("path", described(match.paths)); });
  search.ask("prefix", &Match::prefixes, path,
             [&] { return "below " + search.shown("prefix", join_or(match.prefixes)); });
  search.ask("regex", &Match::regexes, path,
             [&] { return search.shown("regex", join_or(match.regexes)); });
  search.ask(
      "methods", &Match::methods, [&] { return request->method_name; },
      [&] { return search.shown("methods", join_or(match.methods)); });
  search.ask_named("headers", ValueSource::Header, &Match::headers);
  search.ask_named("query", ValueSource::Query, &Match::query);
  search.ask_named("cookies", ValueSource::Cookie, &Match::cookies);
  search.ask_named("var", ValueSource::Variable, &Match::vars);
  search.ask(
      "client_ip", &Match::client_ip, [&] { return exchange.client_ip; },
      [&] { return "in " + search.shown("client_ip", join_or(texts_of(match.client_ip))); });
  search.ask(
      "sni", &Match::sni, [&] { return exchange.sni.empty() ? "none" : exchange.sni; },
      [&] { return search.shown("sni", described(match.sni)); });
  search.ask(
      "alpn", &Match::alpn, [&] { return exchange.alpn.empty() ? "none" : join_or(exchange.alpn); },
      [&] { return search.shown("alpn", join_or(match.alpn)); });
  search.ask(
      "port", &Match::ports,
      [&] { return std::to_string(exchange.local == nullptr ? 0 : exchange.local->port()); },
      [&] { return search.shown("port", join_or(texts_of(match.ports))); });
  search.ask(
      "flag", &Match::flags, [&] { return search.shown("flag", join_or(match.flags)); },
      [] { return "on"; });
  return search.take();
}

}  // namespace weir::route
