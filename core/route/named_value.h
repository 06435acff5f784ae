#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/http/field_list.h"
#include "core/http/header_id.h"
#include "core/http/variables.h"
#include "core/route/exchange_view.h"

namespace weir::route {

// Where a value that is asked for by name stands. Method and Port have one value and no name.
enum class ValueSource : std::uint8_t { Header, Query, Cookie, Variable, Method, Port };

// One of them by name: of headers in lower case, of query parameters and cookies as it is.
struct ValueName {
  ValueName(ValueSource from, std::string_view called)
      : source(from),
        id(from == ValueSource::Header ? http::header_id(called) : http::HeaderId::Other),
        name(called) {}

  ValueSource source;
  http::HeaderId id;
  std::string name;
};

// `raw` without percent-encoding and with "+" as space; an escape that is none stays as it is. A
// view of `raw` when there is nothing to decode, else of `scratch`.
std::string_view decode_query(std::string_view raw, std::string& scratch);

namespace detail {

// The thread's own, so that nothing is allocated in steady state.
std::string& name_scratch();
std::string& value_scratch();

std::string_view unquote(std::string_view value);

// Calls `visit(raw name, raw value)` with each parameter until it returns true.
template <typename Visit>
bool any_raw_query(std::string_view query, Visit visit) {
  if (query.starts_with('?')) query.remove_prefix(1);
  while (!query.empty()) {
    const std::size_t size = query.find('&');
    const std::string_view pair = query.substr(0, size);
    const std::size_t equals = pair.find('=');
    const std::string_view value =
        equals == pair.npos ? std::string_view() : pair.substr(equals + 1);
    if (!pair.empty() && visit(pair.substr(0, equals), value)) return true;
    if (size == query.npos) return false;
    query.remove_prefix(size + 1);
  }
  return false;
}

}  // namespace detail

// The cookies of one Cookie field (RFC 6265 section 5.4): pairs with a name and "=", white space
// around them and a pair of quotes around the value taken off, others skipped. Calls
// `visit(name, value)` until it returns true.
template <typename Visit>
bool any_cookie(std::string_view field, Visit visit) {
  while (!field.empty()) {
    const std::size_t size = field.find(';');
    const std::string_view pair = field.substr(0, size);
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos) {
      const std::string_view name = http::trim_white_space(pair.substr(0, equals));
      if (!name.empty() && visit(name, detail::unquote(pair.substr(equals + 1)))) return true;
    }
    if (size == field.npos) return false;
    field.remove_prefix(size + 1);
  }
  return false;
}

// Calls `visit(name, value)` with everything that `source` has, until it returns true; returns
// whether one did. Header "host" is the request's authority. Views of query parameters are valid
// until `visit` looks at another one.
template <typename Visit>
bool any_named_value(const ExchangeView& exchange, ValueSource source, Visit visit) {
  using http::HeaderId;
  if (source == ValueSource::Variable) {
    if (exchange.vars == nullptr) return false;
    for (const http::Variables::Entry& entry : exchange.vars->all()) {
      std::array<char, http::Variables::kMaxNumber> space;
      if (visit(entry.name, http::Variables::to_text(entry.value, space))) return true;
    }
    return false;
  }
  if (source == ValueSource::Port) {
    if (exchange.local == nullptr) return false;
    std::array<char, 8> space;
    const char* end =
        std::to_chars(space.data(), space.data() + space.size(), exchange.local->port()).ptr;
    return visit(std::string_view(), std::string_view(space.data(), end));
  }
  if (exchange.request == nullptr) return false;
  const http::Request& request = *exchange.request;
  switch (source) {
    case ValueSource::Header:
      for (const http::Header& header : request.headers.all()) {
        if (visit(header.name(), header.value())) return true;
      }
      return !request.authority.empty() && visit("host", request.authority);
    case ValueSource::Query:
      return detail::any_raw_query(request.query,
                                   [&visit](std::string_view name, std::string_view value) {
                                     return visit(decode_query(name, detail::name_scratch()),
                                                  decode_query(value, detail::value_scratch()));
                                   });
    case ValueSource::Cookie:
      for (const http::Header& header : request.headers.all()) {
        if (header.id() == HeaderId::Cookie && any_cookie(header.value(), visit)) return true;
      }
      return false;
    case ValueSource::Method:
      return visit(std::string_view(), request.method_name);
    default:
      return false;
  }
}

// Calls `visit(value)` with each value of `name`, until it returns true; returns whether one did.
template <typename Visit>
bool any_value(const ExchangeView& exchange, const ValueName& name, Visit visit) {
  using http::HeaderId;
  if (name.source == ValueSource::Header && name.id != HeaderId::Other &&
      name.id != HeaderId::Host) {
    if (exchange.request == nullptr) return false;
    for (const http::Header& header : exchange.request->headers.all()) {
      if (header.id() == name.id && visit(header.value())) return true;
    }
    return false;
  }
  if (name.source == ValueSource::Query) {
    if (exchange.request == nullptr) return false;
    return detail::any_raw_query(
        exchange.request->query, [&](std::string_view raw_name, std::string_view raw_value) {
          return decode_query(raw_name, detail::name_scratch()) == name.name &&
                 visit(decode_query(raw_value, detail::value_scratch()));
        });
  }
  return any_named_value(exchange, name.source,
                         [&](std::string_view other, std::string_view value) {
                           return other == name.name && visit(value);
                         });
}

}  // namespace weir::route
