#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::http {

// The header names Weir knows; every other name is Other. The first group is what a connection
// consumes rather than passes on (hop_by_hop.h) and what frames a message.
enum class HeaderId : std::uint8_t {
  Other,

  Connection,
  ContentLength,
  Expect,
  Host,
  KeepAlive,
  ProxyAuthenticate,
  ProxyAuthorization,
  ProxyConnection,
  Te,
  Trailer,
  TransferEncoding,
  Upgrade,

  Accept,
  AcceptEncoding,
  AcceptLanguage,
  AcceptRanges,
  AccessControlAllowCredentials,
  AccessControlAllowHeaders,
  AccessControlAllowMethods,
  AccessControlAllowOrigin,
  AccessControlExposeHeaders,
  AccessControlMaxAge,
  AccessControlRequestHeaders,
  AccessControlRequestMethod,
  Age,
  Allow,
  AltSvc,
  Authorization,
  CacheControl,
  ContentDisposition,
  ContentEncoding,
  ContentLanguage,
  ContentLocation,
  ContentRange,
  ContentType,
  Cookie,
  Date,
  ETag,
  Expires,
  Forwarded,
  GrpcEncoding,
  GrpcMessage,
  GrpcStatus,
  GrpcTimeout,
  IfMatch,
  IfModifiedSince,
  IfNoneMatch,
  IfRange,
  IfUnmodifiedSince,
  LastModified,
  Link,
  Location,
  MaxForwards,
  Origin,
  Pragma,
  Range,
  Referer,
  RetryAfter,
  SecWebSocketAccept,
  SecWebSocketExtensions,
  SecWebSocketKey,
  SecWebSocketProtocol,
  SecWebSocketVersion,
  Server,
  SetCookie,
  StrictTransportSecurity,
  TraceParent,
  TraceState,
  UpgradeInsecureRequests,
  UserAgent,
  Vary,
  Via,
  WwwAuthenticate,
  XForwardedFor,
  XForwardedHost,
  XForwardedPort,
  XForwardedPrefix,
  XForwardedProto,
  XRealIp,
  XRequestId,
  XWeirReason,

  kCount
};

// The id of a name in lower case; Other when Weir does not know it.
HeaderId header_id(std::string_view lower_name);

// The name at the start of a field line.
struct ScannedName {
  std::size_t size = 0;  // up to the colon; 0 when none comes soon
  HeaderId id = HeaderId::Other;
};
// `at` must have so many bytes.
inline constexpr std::size_t kScanRoom = 32;
// Lower-cases what stands before the first colon at `at`, and finds its id. The characters of what
// is Other have yet to be checked; those of a name that is known are right.
ScannedName scan_header_name(char* at);

// The name in lower case, a literal. Not for Other, whose name is empty, nor for kCount.
std::string_view header_name(HeaderId id);

}  // namespace weir::http
