#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/net/cidr.h"
#include "core/route/exchange_view.h"
#include "core/route/match.h"
#include "core/route/named_value.h"
#include "core/route/regex.h"
#include "core/route/text_pattern.h"

namespace weir::route {

// Whether `path` is `prefix` or below it. `prefix` has no slash at its end, so "/" is "".
bool is_under(std::string_view path, std::string_view prefix);
// A written prefix as is_under() takes it: "/a/" is the same as "/a".
std::string_view normal_prefix(std::string_view prefix);

// A Match that is ready for use. What it asks of a request is false where there is none. Immutable;
// used by all workers.
class Condition {
 public:
  // Keys whose truth is known from how the route was found.
  struct Known {
    bool hosts = false;
    bool paths = false;
    bool prefixes = false;
    bool regexes = false;
  };

  // `flag_names` are those of ExchangeView::flags, by bit. Conditions with different seeds choose
  // independently by `percent`.
  static Result<Condition> compile(const Match& match, std::span<const std::string> flag_names,
                                   std::uint32_t seed);

  bool matches(const ExchangeView& exchange) const { return matches(exchange, Known()); }
  bool matches(const ExchangeView& exchange, Known known) const;
  // Whether the keys `path`, `prefix` and `regex` allow `path`.
  bool allows_path(std::string_view path, Known known) const;
  // The longest of the prefixes that `path` is under, "/" for the root; empty without one.
  std::string_view matched_prefix(std::string_view path) const;
  std::span<const Regex> regexes() const { return regexes_; }

 private:
  struct Named {
    ValueName name;
    std::vector<TextPattern> any;

    bool matches(const ExchangeView& exchange) const;
  };

  Result<void> add(ValueSource source, const std::vector<NamedMatch>& matches);
  bool allows_request(const http::Request* request, Known known) const;
  bool allows_connection(const ExchangeView& exchange) const;
  bool allows_hello(const ExchangeView& exchange) const;
  bool is_chosen(std::uint32_t random) const;

  std::vector<TextPattern> hosts_;
  std::vector<TextPattern> paths_;
  std::vector<std::string> prefixes_;
  std::vector<Regex> regexes_;
  std::vector<std::string> methods_;
  std::vector<Named> named_;
  std::vector<PortRange> ports_;
  std::optional<net::CidrSet> client_ip_;
  std::vector<TextPattern> sni_;
  std::vector<std::string> alpn_;
  std::uint64_t flags_ = 0;
  std::optional<std::uint64_t> share_;  // of 2^32
  std::uint32_t seed_ = 0;
};

}  // namespace weir::route
