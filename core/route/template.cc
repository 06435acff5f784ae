#include "core/route/template.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>

#include <time.h>

#include "core/base/quote.h"
#include "core/base/suggest.h"
#include "core/http/chars.h"

namespace weir::route {

enum class Template::Variable : std::uint8_t {
  Literal,
  ClientIp,
  ClientPort,
  PeerIp,
  PeerPort,
  LocalIp,
  LocalPort,
  Listener,
  Chain,
  Sni,
  Method,
  Scheme,
  Host,
  Authority,
  Path,
  Query,
  Url,
  Protocol,
  RequestId,
  Route,
  Cluster,
  Endpoint,
  Status,
  Time,
  Header,
  ResponseHeader,
  Cookie,
  QueryParameter,
  Var
};

// One variable. Those that take a name end with a dot.
struct Template::Entry {
  std::string_view name;
  Variable variable;
  std::string_view shown;
  std::string_view doc;
};

namespace {

using http::Request;

std::string_view number_text(std::uint64_t number, Arena& arena) {
  std::array<char, 20> text;
  const char* end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return arena.copy({text.data(), end});
}

std::string_view ip_text(const net::Address* address, Arena& arena) {
  if (address == nullptr) return {};
  char* text = arena.allocate_text(net::Address::kMaxText);
  return {text, address->format_ip(text)};
}

std::string_view port_text(const net::Address* address, Arena& arena) {
  if (address == nullptr || !address->is_ip()) return {};
  return number_text(address->port(), arena);
}

std::string_view protocol_text(http::Version version) {
  switch (version) {
    case http::Version::Http10:
      return "HTTP/1.0";
    case http::Version::Http11:
      return "HTTP/1.1";
    case http::Version::Http2:
      return "HTTP/2";
  }
  return {};
}

std::string_view time_text(Arena& arena) {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  tm utc;
  gmtime_r(&now.tv_sec, &utc);
  std::array<char, 32> text;
  std::size_t size = strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  size += static_cast<std::size_t>(snprintf(text.data() + size, text.size() - size, ".%03dZ",
                                            static_cast<int>(now.tv_nsec / 1'000'000)));
  return arena.copy({text.data(), size});
}

std::string_view url_text(const Request& request, Arena& arena) {
  const std::array<std::string_view, 5> parts = {request.scheme, "://", request.authority,
                                                 request.path, request.query};
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  char* text = arena.allocate_text(size);
  char* end = text;
  for (const std::string_view part : parts) end = std::copy(part.begin(), part.end(), end);
  return {text, size};
}

std::string_view first_value(const ExchangeView& exchange, const ValueName& name, Arena& arena) {
  std::string_view first;
  any_value(exchange, name, [&](std::string_view value) {
    first = arena.copy(value);
    return true;
  });
  return first;
}

std::string_view header_value(const http::HeaderMap& headers, const ValueName& name) {
  if (name.id != http::HeaderId::Other) return headers.get(name.id).value_or("");
  return headers.get(std::string_view(name.name)).value_or("");
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::span<const Template::Entry> Template::entries() {
  static constexpr Entry kEntries[] = {
      {"client_ip", Variable::ClientIp, "client_ip",
       "address of the client, after PROXY protocol and trusted_proxies"},
      {"client_port", Variable::ClientPort, "client_port", "its port"},
      {"peer_ip", Variable::PeerIp, "peer_ip", "address of who is connected"},
      {"peer_port", Variable::PeerPort, "peer_port", "its port"},
      {"local_ip", Variable::LocalIp, "local_ip", "address that was connected to"},
      {"local_port", Variable::LocalPort, "local_port", "its port"},
      {"listener", Variable::Listener, "listener", "name of the listener"},
      {"chain", Variable::Chain, "chain", "name of the chain"},
      {"sni", Variable::Sni, "sni", "server name of the TLS handshake"},
      {"method", Variable::Method, "method", "method of the request"},
      {"scheme", Variable::Scheme, "scheme", "http or https"},
      {"host", Variable::Host, "host", "host of the request, without port"},
      {"authority", Variable::Authority, "authority", "host and port of the request"},
      {"path", Variable::Path, "path", "path of the request, without the query"},
      {"query", Variable::Query, "query", "query with its \"?\", or empty"},
      {"url", Variable::Url, "url", "the whole URL of the request"},
      {"protocol", Variable::Protocol, "protocol", "HTTP/1.0, HTTP/1.1 or HTTP/2"},
      {"request_id", Variable::RequestId, "request_id", "id of the request, as in x-request-id"},
      {"route", Variable::Route, "route", "name of the route"},
      {"cluster", Variable::Cluster, "cluster", "name of the cluster"},
      {"endpoint", Variable::Endpoint, "endpoint", "address of the endpoint"},
      {"status", Variable::Status, "status", "status of the response"},
      {"time", Variable::Time, "time", "now in UTC, as in 2030-01-31T23:59:59.000Z"},
      {"header.", Variable::Header, "header.NAME", "first value of a request header"},
      {"response_header.", Variable::ResponseHeader, "response_header.NAME",
       "first value of a response header"},
      {"cookie.", Variable::Cookie, "cookie.NAME", "first value of a cookie"},
      {"query.", Variable::QueryParameter, "query.NAME",
       "first value of a query parameter, decoded"},
      {"var.", Variable::Var, "var.NAME", "variable that a filter, plugin or script has set"},
  };
  return kEntries;
}

std::vector<Template::Name> Template::names() {
  std::vector<Name> names;
  for (const Entry& entry : entries()) names.push_back({entry.shown, entry.doc});
  return names;
}

std::string_view Template::first_of(std::span<const std::string_view> names) const {
  const auto known = entries();
  for (const Part& part : parts_) {
    const auto entry = std::find_if(known.begin(), known.end(), [&part](const Entry& other) {
      return other.variable == part.variable;
    });
    if (entry == known.end()) continue;
    const auto name = std::find(names.begin(), names.end(), entry->shown);
    if (name != names.end()) return *name;
  }
  return {};
}

Result<Template> Template::parse(std::string_view text) {
  Template result;
  result.source_ = text;
  std::string literal;
  const auto end_literal = [&] {
    if (literal.empty()) return;
    result.parts_.push_back({Variable::Literal, ValueName(ValueSource::Variable, literal)});
    literal.clear();
  };
  while (!text.empty()) {
    const std::size_t open = text.find('%');
    literal += text.substr(0, open);
    if (open == text.npos) break;
    const std::size_t close = text.find('%', open + 1);
    if (close == text.npos) {
      return config_error("\"" + clipped(result.source_) +
                          "\" has a % that nothing closes; %% is a percent sign");
    }
    const std::string_view name = text.substr(open + 1, close - open - 1);
    text.remove_prefix(close + 1);
    if (name.empty()) {
      literal += '%';
      continue;
    }
    WEIR_TRY(part, parse_variable(name));
    end_literal();
    result.parts_.push_back(std::move(part));
  }
  end_literal();
  return result;
}

Result<Template::Part> Template::parse_variable(std::string_view text) {
  const std::size_t dot = text.find('.');
  const std::string_view kind = text.substr(0, dot == text.npos ? dot : dot + 1);
  std::string name(dot == text.npos ? std::string_view() : text.substr(dot + 1));
  const auto known = entries();
  const auto entry = std::find_if(known.begin(), known.end(),
                                  [kind](const Entry& other) { return other.name == kind; });
  if (entry == known.end()) return config_error(unknown_variable(text, kind));
  if (!kind.ends_with('.')) return Part{entry->variable, ValueName(ValueSource::Variable, "")};
  if (name.empty()) {
    return config_error("%" + clipped(text) + "% needs a name, as in %" +
                        std::string(entry->shown) + "%");
  }
  switch (entry->variable) {
    case Variable::Header:
    case Variable::ResponseHeader:
      if (!http::is_token(name)) {
        return config_error("\"" + clipped(name) + "\" in %" + clipped(text) +
                            "% is no header name");
      }
      for (char& c : name) c = http::ascii_lower(c);
      return Part{entry->variable, ValueName(ValueSource::Header, name)};
    case Variable::Cookie:
      return Part{entry->variable, ValueName(ValueSource::Cookie, name)};
    case Variable::QueryParameter:
      return Part{entry->variable, ValueName(ValueSource::Query, name)};
    default:
      return Part{entry->variable, ValueName(ValueSource::Variable, name)};
  }
}

std::string Template::unknown_variable(std::string_view text, std::string_view kind) {
  const auto known = entries();
  std::vector<std::string_view> names;
  for (const Entry& entry : known) names.push_back(entry.name);
  const std::string_view meant = nearest(kind, names);
  const auto entry = std::find_if(known.begin(), known.end(),
                                  [meant](const Entry& other) { return other.name == meant; });
  std::string message = "there is no variable %" + clipped(text) + "%";
  if (entry != known.end()) message += "; did you mean %" + std::string(entry->shown) + "%?";
  return message + " (%% is a percent sign)";
}

bool Template::is_constant() const {
  return parts_.empty() || (parts_.size() == 1 && parts_[0].variable == Variable::Literal);
}

std::string Template::literals() const {
  std::string all;
  for (const Part& part : parts_) {
    if (part.variable == Variable::Literal) all += part.name.name;
  }
  return all;
}

std::string_view Template::render(const ExchangeView& exchange, Arena& arena) const {
  if (is_constant()) return parts_.empty() ? std::string_view() : parts_[0].name.name;
  auto* values = static_cast<std::string_view*>(
      arena.allocate(parts_.size() * sizeof(std::string_view), alignof(std::string_view)));
  std::size_t size = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto* value = new (values + i) std::string_view(value_of(parts_[i], exchange, arena));
    size += value->size();
  }
  char* text = arena.allocate_text(size);
  char* end = text;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    char* const start = end;
    end = std::copy(values[i].begin(), values[i].end(), end);
    if (parts_[i].variable != Variable::Literal) std::replace_if(start, end, is_control, '_');
  }
  return {text, size};
}

std::string_view Template::value_of(const Part& part, const ExchangeView& exchange, Arena& arena) {
  switch (part.variable) {
    case Variable::Literal:
      return part.name.name;
    case Variable::ClientIp:
      return exchange.client_ip.empty() ? ip_text(exchange.client, arena) : exchange.client_ip;
    case Variable::ClientPort:
      return port_text(exchange.client, arena);
    case Variable::PeerIp:
      return ip_text(exchange.peer, arena);
    case Variable::PeerPort:
      return port_text(exchange.peer, arena);
    case Variable::LocalIp:
      return ip_text(exchange.local, arena);
    case Variable::LocalPort:
      return port_text(exchange.local, arena);
    case Variable::Listener:
      return exchange.listener;
    case Variable::Chain:
      return exchange.chain;
    case Variable::Sni:
      return exchange.sni;
    case Variable::RequestId:
      return exchange.request_id;
    case Variable::Route:
      return exchange.route;
    case Variable::Cluster:
      return exchange.cluster;
    case Variable::Endpoint:
      return exchange.endpoint;
    case Variable::Time:
      return time_text(arena);
    case Variable::Status:
      return exchange.response ? number_text(exchange.response->status, arena) : "";
    case Variable::ResponseHeader:
      return exchange.response ? header_value(exchange.response->headers, part.name) : "";
    case Variable::Var:
    case Variable::Header:
    case Variable::Cookie:
    case Variable::QueryParameter:
      return first_value(exchange, part.name, arena);
    default:
      return exchange.request ? value_of_request(part.variable, *exchange.request, arena) : "";
  }
}

std::string_view Template::value_of_request(Variable variable, const Request& request,
                                            Arena& arena) {
  switch (variable) {
    case Variable::Method:
      return request.method_name;
    case Variable::Scheme:
      return request.scheme;
    case Variable::Host:
      return request.host;
    case Variable::Authority:
      return request.authority;
    case Variable::Path:
      return request.path;
    case Variable::Query:
      return request.query;
    case Variable::Url:
      return url_text(request, arena);
    case Variable::Protocol:
      return protocol_text(request.version);
    default:
      return {};
  }
}

}  // namespace weir::route
