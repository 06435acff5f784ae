#include "core/http/h2_head_reader.h"

#include <cstring>
#include <limits>

#include "core/base/check.h"
#include "core/http/authority.h"
#include "core/http/chars.h"
#include "core/http/errors.h"
#include "core/http/h1_framing.h"
#include "core/http/trailer_parser.h"

namespace weir::http {
namespace {

constexpr std::size_t kFieldOverhead = 32;

// Why a name that is not known is none, or null.
const ParseError* field_name_error(std::string_view name) {
  if (name.size() > std::numeric_limits<std::uint16_t>::max()) return &errors::kHeadTooLarge;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') return &errors::kUpperCaseName;
    if (!is_token_char(c)) return &errors::kBadHeaderName;
  }
  return name.empty() ? &errors::kBadHeaderName : nullptr;
}

const ParseError& field_value_error(std::string_view value) {
  const char* const end = value.data() + value.size();
  return find_value_end(value.data(), end) == end ? errors::kSpaceAroundValue
                                                  : errors::kControlInValue;
}

std::string_view lower_copy_of(Arena& arena, std::string_view text) {
  char* const to = arena.allocate_text(text.size());
  text.copy(to, text.size());
  lower_case(to, text.size());
  return {to, text.size()};
}

bool belongs_to_connection(HeaderId id) {
  return id == HeaderId::Connection || id == HeaderId::KeepAlive ||
         id == HeaderId::ProxyConnection || id == HeaderId::TransferEncoding ||
         id == HeaderId::Upgrade;
}

template <typename Message>
void set_body(Message& message, const H1Framing& framing, bool end) {
  const std::uint64_t length = framing.content_length.value_or(0);
  if (end || (framing.content_length && length == 0)) {
    message.body = BodyKind::None;
  } else if (framing.content_length) {
    message.body = BodyKind::Length;
    message.content_length = length;
  } else {
    message.body = BodyKind::Chunked;
  }
}

}  // namespace

void H2HeadReader::begin(Kind kind, HeaderMap& headers, std::size_t max_bytes,
                         std::size_t max_fields) {
  const H2HeadLimits limits = limits_;
  *this = H2HeadReader(limits, extended_connect_);
  kind_ = kind;
  headers_ = &headers;
  max_bytes_ = max_bytes;
  max_fields_ = max_fields;
}

void H2HeadReader::begin(Request& request) {
  begin(Kind::Request, request.headers, limits_.head_bytes, limits_.fields);
  request_ = &request;
  request.version = Version::Http2;
}

void H2HeadReader::begin(Response& response, Method method, std::string_view upgrade) {
  begin(Kind::Response, response.headers, limits_.head_bytes, limits_.fields);
  response_ = &response;
  response.version = Version::Http2;
  method_ = method;
  protocol_ = upgrade;
}

void H2HeadReader::begin_trailers(HeaderMap& trailers) {
  begin(Kind::Trailers, trailers, limits_.trailer_bytes, limits_.trailer_fields);
}

void H2HeadReader::add(std::string_view name, std::string_view value) {
  block_bytes_ += name.size() + value.size() + kFieldOverhead;
  if (error_ != nullptr) return;
  if (block_bytes_ > max_bytes_) {
    fail(errors::kHeadTooLarge);
  } else if (name.starts_with(':')) {
    add_pseudo(name, value);
  } else {
    add_field(name, value);
  }
}

H2HeadReader::Pseudo H2HeadReader::pseudo_of(std::string_view name) const {
  if (kind_ == Kind::Response) return name == ":status" ? kStatus : Pseudo{};
  if (kind_ == Kind::Trailers) return {};
  if (name == ":method") return kMethod;
  if (name == ":scheme") return kScheme;
  if (name == ":authority") return kAuthority;
  if (name == ":path") return kPath;
  return name == ":protocol" && extended_connect_ ? kProtocol : Pseudo{};
}

void H2HeadReader::add_pseudo(std::string_view name, std::string_view value) {
  const Pseudo pseudo = pseudo_of(name);
  if (pseudo == 0) return fail(errors::kUnknownPseudo);
  if (has(pseudo)) return fail(errors::kRepeatedPseudo);
  if (fields_begun_) return fail(errors::kLatePseudo);
  seen_ |= pseudo;
  switch (pseudo) {
    case kMethod:
      return read_method(value);
    case kScheme:
      return read_scheme(value);
    case kAuthority:
      request_->authority = lower_copy_of(headers_->arena(), value);
      return;
    case kPath:
      return read_path(value);
    case kProtocol:
      if (!is_token(value)) return fail(errors::kBadProtocol);
      protocol_ = lower_copy_of(headers_->arena(), value);
      return;
    case kStatus:
      return read_status(value);
  }
}

void H2HeadReader::read_method(std::string_view value) {
  if (!is_token(value)) return fail(errors::kBadMethod);
  request_->method = method_of(value);
  request_->method_name = request_->method == Method::Other ? headers_->arena().copy(value)
                                                            : method_name(request_->method);
}

void H2HeadReader::read_scheme(std::string_view value) {
  if (equals_ignoring_case(value, "https")) {
    request_->scheme = "https";
  } else if (equals_ignoring_case(value, "http")) {
    request_->scheme = "http";
  } else {
    fail(errors::kBadScheme);
  }
}

void H2HeadReader::read_path(std::string_view value) {
  if (value.size() > limits_.target_bytes) return fail(errors::kLineTooLong);
  std::size_t at = 0;
  while (at != value.size() && is_path_char(value[at])) ++at;
  const std::size_t query = at;
  if (at != value.size() && value[at] == '?') {
    while (at != value.size() && is_query_char(value[at])) ++at;
  }
  if (at != value.size()) return fail(value[at] == '#' ? errors::kFragment : errors::kBadTarget);
  const std::string_view target = headers_->arena().copy(value);
  request_->path = target.substr(0, query);
  request_->query = target.substr(query);
}

void H2HeadReader::read_status(std::string_view value) {
  const bool digits =
      value.size() == 3 && is_digit(value[0]) && is_digit(value[1]) && is_digit(value[2]);
  if (!digits || value[0] == '0' || value == "101") return fail(errors::kBadStatus);
  response_->status =
      static_cast<std::uint16_t>((value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0'));
}

void H2HeadReader::add_field(std::string_view name, std::string_view value) {
  fields_begun_ = true;
  const HeaderId id = header_id(name);
  if (id == HeaderId::Other) {
    if (const ParseError* error = field_name_error(name)) return fail(*error);
  }
  if (!is_field_value(value)) return fail(field_value_error(value));
  if (belongs_to_connection(id)) return fail(errors::kConnectionField);
  if (id == HeaderId::Te && !equals_ignoring_case(value, "trailers")) return fail(errors::kBadTe);
  const bool is_crumb = kind_ == Kind::Request && id == HeaderId::Cookie;
  if (!is_crumb || cookies_++ == 0) {
    if (fields_++ == max_fields_) return fail(errors::kTooManyFields);
  }
  if (kind_ == Kind::Request) {
    if (id == HeaderId::Host) return take_host(value);
    if (name == "priority") priority_ = parse_priority(value);
  }
  Arena& arena = headers_->arena();
  headers_->add_valid(id, id == HeaderId::Other ? arena.copy(name) : header_name(id),
                      arena.copy(value));
}

void H2HeadReader::take_host(std::string_view value) {
  if (host_) return fail(errors::kRepeatedHost);
  host_ = lower_copy_of(headers_->arena(), value);
}

const ParseError* H2HeadReader::finish(bool end) {
  if (error_ != nullptr) return error_;
  switch (kind_) {
    case Kind::Request:
      return finish_request(end);
    case Kind::Response:
      return finish_response(end);
    case Kind::Trailers:
      break;
  }
  return finish_trailers(end);
}

// RFC 9113 sections 8.3.1 and 8.5, RFC 8441 section 4.
const ParseError* H2HeadReader::check_pseudo_headers() const {
  if (!has(kMethod)) return &errors::kMissingPseudo;
  const bool connect = request_->method == Method::Connect;
  if (connect && !has(kProtocol)) {
    const bool right = !has(kScheme) && !has(kPath) && has(kAuthority);
    return right ? &errors::kConnect : &errors::kBadConnect;
  }
  if (has(kProtocol) && !connect) return &errors::kBadProtocol;
  if (!has(kScheme) || !has(kPath) || (connect && !has(kAuthority))) {
    return &errors::kMissingPseudo;
  }
  if (request_->path.starts_with('/')) return nullptr;
  const bool whole_server = request_->path == "*" && request_->query.empty();
  return whole_server && request_->method == Method::Options ? nullptr : &errors::kBadTarget;
}

const ParseError* H2HeadReader::finish_authority() {
  if (!has(kAuthority)) {
    if (!host_) return &errors::kMissingHost;
    request_->authority = *host_;
  } else if (host_ && *host_ != request_->authority) {
    return &errors::kHostMismatch;
  }
  const std::optional<Authority> authority = parse_authority(request_->authority);
  if (!authority) return &errors::kBadHost;
  request_->host = normal_host(authority->host, headers_->arena());
  request_->valid_authority = request_->authority;
  return nullptr;
}

// RFC 9113 section 8.2.3.
void H2HeadReader::join_cookies() {
  constexpr std::string_view kBetween = "; ";
  std::size_t size = 0;
  for (const Header& field : headers_->all()) {
    if (field.id() == HeaderId::Cookie) size += field.value().size() + kBetween.size();
  }
  char* const text = headers_->arena().allocate_text(size);
  char* at = text;
  for (const Header& field : headers_->all()) {
    if (field.id() != HeaderId::Cookie) continue;
    at += field.value().copy(at, field.value().size());
    at += kBetween.copy(at, kBetween.size());
  }
  headers_->set_valid(HeaderId::Cookie, {text, size - kBetween.size()});
}

const ParseError* H2HeadReader::finish_request(bool end) {
  if (const ParseError* error = check_pseudo_headers()) return error;
  if (const ParseError* error = finish_authority()) return error;
  H1Framing framing;
  if (const ParseError* error = read_framing(*headers_, framing)) return error;
  if (framing.other_expectation) return &errors::kBadExpectation;
  if (cookies_ > 1) join_cookies();
  if (has(kProtocol)) {
    // The bytes that follow are no content (RFC 9110 section 9.3.6).
    if (framing.content_length) return &errors::kBadConnect;
    request_->method = Method::Get;
    request_->method_name = method_name(Method::Get);
    request_->upgrade = protocol_;
    request_->body = BodyKind::None;
  } else {
    if (end && framing.content_length.value_or(0) > 0) return &errors::kLengthMismatch;
    set_body(*request_, framing, end);
    data_expected_ = framing.content_length;
  }
  expect_continue_ = framing.expect_continue && request_->body != BodyKind::None;
  if (framing.expect_continue && !expect_continue_) headers_->remove(HeaderId::Expect);
  return nullptr;
}

// RFC 9113 section 8.1 and RFC 9110 section 6.4.1.
const ParseError* H2HeadReader::finish_response(bool end) {
  Response& response = *response_;
  if (!has(kStatus)) return &errors::kMissingPseudo;
  H1Framing framing;
  if (const ParseError* error = read_framing(*headers_, framing)) return error;
  const std::uint64_t length = framing.content_length.value_or(0);
  response.body = BodyKind::None;
  if (response.status < 200) {
    if (end) return &errors::kEarlyEnd;
    return length > 0 ? &errors::kBodyNotAllowed : nullptr;
  }
  if (response.status < 300 && !protocol_.empty()) {
    response.status = 101;
    response.upgrade = protocol_;
    return nullptr;
  }
  if ((response.status == 204 || response.status == 205) && length > 0) {
    return &errors::kBodyNotAllowed;
  }
  if (response.status == 204 || response.status == 304 || method_ == Method::Head) {
    data_expected_ = 0;
    return nullptr;
  }
  if (end && length > 0) return &errors::kLengthMismatch;
  set_body(response, framing, end);
  data_expected_ = framing.content_length;
  return nullptr;
}

const ParseError* H2HeadReader::finish_trailers(bool end) const {
  if (!end) return &errors::kTrailersWithoutEnd;
  for (const Header& field : headers_->all()) {
    if (!is_trailer_allowed(field)) return &errors::kForbiddenTrailer;
  }
  return nullptr;
}

}  // namespace weir::http
