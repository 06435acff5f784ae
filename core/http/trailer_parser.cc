#include "core/http/trailer_parser.h"

#include <string_view>

#include "core/http/errors.h"
#include "core/http/said_by_proxies.h"

namespace weir::http {

bool is_trailer_allowed(const Header& field) {
  if (is_said_by_proxies(field)) return false;
  switch (field.id()) {
    // Framing, routing and what belongs to the connection.
    case HeaderId::Connection:
    case HeaderId::ContentLength:
    case HeaderId::Host:
    case HeaderId::KeepAlive:
    case HeaderId::ProxyConnection:
    case HeaderId::Te:
    case HeaderId::Trailer:
    case HeaderId::TransferEncoding:
    case HeaderId::Upgrade:
    // What proxies say, with those above.
    case HeaderId::Via:
    case HeaderId::XRequestId:
    case HeaderId::XWeirReason:
    // Authentication.
    case HeaderId::Authorization:
    case HeaderId::Cookie:
    case HeaderId::ProxyAuthenticate:
    case HeaderId::ProxyAuthorization:
    case HeaderId::SetCookie:
    case HeaderId::WwwAuthenticate:
    // Modifiers of requests.
    case HeaderId::CacheControl:
    case HeaderId::Expect:
    case HeaderId::IfMatch:
    case HeaderId::IfModifiedSince:
    case HeaderId::IfNoneMatch:
    case HeaderId::IfRange:
    case HeaderId::IfUnmodifiedSince:
    case HeaderId::MaxForwards:
    case HeaderId::Pragma:
    case HeaderId::Range:
    // Control of responses.
    case HeaderId::Age:
    case HeaderId::Date:
    case HeaderId::Expires:
    case HeaderId::Location:
    case HeaderId::RetryAfter:
    case HeaderId::Vary:
    // How to read the content.
    case HeaderId::ContentEncoding:
    case HeaderId::ContentRange:
    case HeaderId::ContentType:
      return false;
    default:
      return true;
  }
}

TrailerParser::TrailerParser(Limits limits) : limits_(limits) {
  reset();
}

void TrailerParser::reset() {
  error_ = nullptr;
  fields_.begin(0, limits_.bytes, limits_.fields);
}

ParseStatus TrailerParser::parse(std::span<char> received, HeaderMap& trailers) {
  const ParseStatus status = fields_.parse(received, trailers);
  if (status == ParseStatus::Failed) error_ = &fields_.error();
  if (status != ParseStatus::Complete) return status;
  for (const Header& field : trailers.all()) {
    if (is_trailer_allowed(field)) continue;
    error_ = &errors::kForbiddenTrailer;
    return ParseStatus::Failed;
  }
  return ParseStatus::Complete;
}

}  // namespace weir::http
