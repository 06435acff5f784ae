#include "filters/network/http/forwarded.h"

#include <algorithm>

#include "core/filter/exchange_id.h"
#include "core/http/chars.h"
#include "core/http/said_by_proxies.h"

namespace weir::filters {
namespace {

using http::HeaderId;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_sound_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 127; });
}

std::string_view random_id(filter::Stream& stream) {
  char* text = stream.arena().allocate_text(filter::kExchangeIdSize);
  filter::write_exchange_id(stream.reactor(), text);
  return {text, filter::kExchangeIdSize};
}

// The peer's own address behind what trusted proxies said.
std::string_view extended_list(const http::HeaderMap& headers, std::string_view own) {
  std::size_t size = own.size();
  for (const http::Header& field : headers.all()) {
    if (field.id() == HeaderId::XForwardedFor) size += field.value().size() + 2;
  }
  char* text = headers.arena().allocate_text(size);
  char* to = text;
  for (const http::Header& field : headers.all()) {
    if (field.id() != HeaderId::XForwardedFor) continue;
    to = std::copy(field.value().begin(), field.value().end(), to);
    *to++ = ',';
    *to++ = ' ';
  }
  std::copy(own.begin(), own.end(), to);
  return {text, size};
}

// A proxy that ended TLS says what the client spoke.
void believe_scheme(http::Request& request) {
  const auto scheme = request.headers.get(HeaderId::XForwardedProto);
  if (!scheme) return;
  if (http::equals_ignoring_case(*scheme, "https")) request.scheme = "https";
  if (http::equals_ignoring_case(*scheme, "http")) request.scheme = "http";
}

}  // namespace

void judge_peer(filter::Stream& stream, const filter::HttpSettings& settings) {
  const net::CidrSet& trusted = settings.trusted_proxies;
  stream.set_client_trusted(!trusted.empty() && trusted.contains(stream.connection().client));
}

std::string_view given_request_id(const http::HeaderMap& headers, bool believed) {
  const auto given = headers.get(HeaderId::XRequestId);
  return given && believed && is_sound_id(*given) ? *given : std::string_view();
}

void set_request_id(filter::Stream& stream, const filter::HttpSettings& settings) {
  http::HeaderMap& headers = stream.request().headers;
  const std::string_view given = given_request_id(headers, stream.client_trusted());
  if (!given.empty()) {
    stream.view().request_id = given;
    return;
  }
  stream.view().request_id = random_id(stream);
  if (settings.request_id) headers.set_valid(HeaderId::XRequestId, stream.view().request_id);
}

// Reads the list from the right, over all fields of the name, until an address is not a trusted
// proxy's. What does not parse ends the search: behind it nothing is known.
std::optional<net::Address> named_client(const http::HeaderMap& headers,
                                         const net::CidrSet& trusted_proxies) {
  std::optional<net::Address> client;
  const auto fields = headers.all();
  for (std::size_t i = fields.size(); i-- > 0;) {
    if (fields[i].id() != HeaderId::XForwardedFor) continue;
    std::string_view list = fields[i].value();
    while (!list.empty()) {
      const std::size_t comma = list.rfind(',');
      const std::string_view item =
          trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
      list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
      const auto address = net::Address::parse_ip(item);
      if (!address) return client;
      client = *address;
      if (!trusted_proxies.contains(*address)) return client;
    }
  }
  return client;
}

void set_forwarded(filter::Stream& stream, const filter::HttpSettings& settings) {
  judge_peer(stream, settings);
  set_request_id(stream, settings);
  const bool believed = stream.client_trusted();
  if (believed) {
    const auto client = named_client(stream.request().headers, settings.trusted_proxies);
    if (client) stream.set_client(*client);
  }
  pass_on_forwarded(stream.request(), stream.connection().client_ip(), believed, settings);
}

void pass_on_forwarded(http::Request& request, std::string_view own, bool believed,
                       const filter::HttpSettings& settings) {
  http::HeaderMap& headers = request.headers;
  if (believed) {
    believe_scheme(request);
  } else {
    http::remove_said_by_proxies(headers);
  }
  if (!settings.forwarded_headers) return;
  const bool listed = believed && headers.has(HeaderId::XForwardedFor);
  // A client on a unix socket has no address.
  if (!own.empty()) {
    headers.set_valid(HeaderId::XForwardedFor, listed ? extended_list(headers, own) : own);
  }
  if (!believed || !headers.has(HeaderId::XForwardedProto)) {
    headers.set_valid(HeaderId::XForwardedProto, request.scheme);
  }
  if (!request.authority.empty() && (!believed || !headers.has(HeaderId::XForwardedHost))) {
    headers.set_valid(HeaderId::XForwardedHost, request.authority);
  }
}

}  // namespace weir::filters
