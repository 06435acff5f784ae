#include "core/route/location.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

#include "core/http/chars.h"

namespace weir::route {
namespace {

std::string_view join(std::initializer_list<std::string_view> parts, Arena& arena) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  char* const text = arena.allocate_text(size);
  char* at = text;
  for (const std::string_view part : parts) at += part.copy(at, part.size());
  return {text, size};
}

bool may_stand_in_url(char c) {
  return http::is_query_char(c) || c == '#';
}

// `url` with every byte escaped that no URL has: variables may bring any.
std::string_view escape(std::string_view url, Arena& arena) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  if (std::all_of(url.begin(), url.end(), may_stand_in_url)) return url;
  char* const text = arena.allocate_text(3 * url.size());
  char* end = text;
  for (const char c : url) {
    if (may_stand_in_url(c)) {
      *end++ = c;
      continue;
    }
    *end++ = '%';
    *end++ = kHex[static_cast<unsigned char>(c) >> 4];
    *end++ = kHex[static_cast<unsigned char>(c) & 15];
  }
  return {text, static_cast<std::size_t>(end - text)};
}

bool is_default_port(std::string_view scheme, std::uint16_t port) {
  return port == (scheme == "https" ? 443 : 80);
}

}  // namespace

// A host keeps its port unless the scheme changes: the port of one scheme is wrong for another.
std::string_view location_of(const Redirect& redirect, const ExchangeView& view,
                             std::string_view matched_prefix, Arena& arena) {
  const http::Request& request = *view.request;
  if (request.path == "*") return {};
  if (redirect.url) {
    const std::string_view url = redirect.url->render(view, arena);
    const bool without_host = url.find(":///") < url.find_first_of("/?#");
    return without_host ? std::string_view() : escape(url, arena);
  }

  const std::string_view scheme =
      redirect.scheme ? std::string_view(*redirect.scheme) : request.scheme;
  const bool keeps_port = !redirect.host && !redirect.port && scheme == request.scheme;
  std::string_view host = keeps_port ? request.authority : request.host;
  if (redirect.host) host = redirect.host->render(view, arena);
  if (host.empty()) return {};
  std::string_view port;
  std::array<char, 6> digits{':'};
  if (redirect.port && !is_default_port(scheme, *redirect.port)) {
    const auto end =
        std::to_chars(digits.data() + 1, digits.data() + digits.size(), *redirect.port);
    port = {digits.data(), static_cast<std::size_t>(end.ptr - digits.data())};
  }
  std::string_view path = request.path;
  if (redirect.path) {
    path = redirect.path->render(view, arena);
  } else if (redirect.rewrite) {
    path = redirect.rewrite->apply(path, matched_prefix, arena);
  }
  // What a client wrote into a path cannot become a part of the host.
  const std::string_view slash = path.starts_with('/') ? std::string_view() : "/";
  const std::string_view query = redirect.strip_query ? std::string_view() : request.query;
  return escape(join({scheme, "://", host, port, slash, path, query}, arena), arena);
}

}  // namespace weir::route
