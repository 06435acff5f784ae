#include "core/http/h2_head_writer.h"

#include <charconv>

#include "core/base/check.h"
#include "core/http/authority.h"
#include "core/http/chars.h"
#include "core/http/sendable.h"
#include "core/http/trailer_parser.h"

namespace weir::http {
namespace {

// What HTTP/2 has no place for, or another: the writer says the length itself.
constexpr HeaderIdSet kNotInHttp2 = {
    HeaderId::Connection,      HeaderId::ContentLength,    HeaderId::Host,    HeaderId::KeepAlive,
    HeaderId::ProxyConnection, HeaderId::TransferEncoding, HeaderId::Upgrade,
};

bool has_upper_case(std::string_view name) {
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') return true;
  }
  return false;
}

bool is_valid_for_http2(const Header& field) {
  if (field.form() != Header::Form::Unchecked) return true;
  return is_sendable(field) && !(field.id() == HeaderId::Other && has_upper_case(field.name()));
}

}  // namespace

void H2HeadWriter::put_checked(const Header& field) {
  const bool valid = is_valid_for_http2(field);
  WEIR_ASSERT(valid);
  if (valid) put(field.name(), field.value());
}

void H2HeadWriter::put_all(const HeaderMap& headers) {
  for (const Header& field : headers.all()) {
    if (kNotInHttp2.has(field.id())) continue;
    // RFC 9113 section 8.2.2.
    if (field.id() == HeaderId::Te && !equals_ignoring_case(field.value(), "trailers")) continue;
    put_checked(field);
  }
}

void H2HeadWriter::put_length(std::uint64_t length) {
  const std::to_chars_result result =
      std::to_chars(length_.data(), length_.data() + length_.size(), length);
  put("content-length", {length_.data(), result.ptr});
}

void H2HeadWriter::put_request_length(const Request& request) {
  if (request.body == BodyKind::Length) {
    put_length(request.content_length);
  } else if (request.body == BodyKind::None && request.headers.has(HeaderId::ContentLength)) {
    put_length(0);
  }
}

// RFC 9110 section 8.6.
void H2HeadWriter::put_response_length(const Response& response, bool to_head) {
  if (response.status < 200 || response.status == 204) return;
  const Header* const announced = response.headers.find(HeaderId::ContentLength);
  if (response.body == BodyKind::Length) {
    put_length(response.content_length);
  } else if (announced == nullptr) {
    return;
  } else if (to_head || response.status == 304) {
    put_checked(*announced);
  } else if (response.body == BodyKind::None) {
    put_length(0);
  }
}

bool H2HeadWriter::write(const Request& request, const H2RequestOptions& options) {
  fields_.clear();
  const std::string_view scheme = options.scheme.empty() ? request.scheme : options.scheme;
  const std::string_view authority =
      request.authority.empty() ? options.default_authority : request.authority;
  const bool authority_valid =
      request.authority.empty() || request.authority_known_valid() || parse_authority(authority);
  const bool upgrades = !options.upgrade.empty();
  if (!upgrades && request.method == Method::Connect) return false;
  if (!has_sendable_target(request) || !authority_valid || authority.empty() ||
      (scheme != "http" && scheme != "https") || (upgrades && !is_token(options.upgrade))) {
    return false;
  }
  put(":method", upgrades ? "CONNECT" : request.method_name);
  put(":scheme", scheme);
  put(":authority", authority);
  put(":path", request.path);
  if (!request.query.empty()) {
    // HPACK wants it in one piece. They usually are neighbours.
    if (request.path.data() + request.path.size() != request.query.data()) {
      target_.assign(request.path).append(request.query);
      fields_.back().value = target_;
    } else {
      fields_.back().value = {request.path.data(), request.path.size() + request.query.size()};
    }
  }
  if (upgrades) put(":protocol", options.upgrade);
  put_all(request.headers);
  if (!upgrades) put_request_length(request);
  return true;
}

bool H2HeadWriter::write(const Response& response, const H2ResponseOptions& options) {
  WEIR_ASSERT(response.status >= 100 && response.status <= 999);
  fields_.clear();
  unsigned status = response.status;
  if (status == 101) {
    if (!options.to_connect) return false;
    status = 200;
  }
  status_ = {static_cast<char>('0' + status / 100), static_cast<char>('0' + status / 10 % 10),
             static_cast<char>('0' + status % 10)};
  put(":status", {status_.data(), status_.size()});
  put_all(response.headers);
  put_response_length(response, options.to_head);
  return true;
}

void H2HeadWriter::write_trailers(const HeaderMap& trailers) {
  fields_.clear();
  for (const Header& field : trailers.all()) {
    if (is_trailer_allowed(field)) put_checked(field);
  }
}

}  // namespace weir::http
