#include "core/http/h1_request_parser.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/http/authority.h"
#include "core/http/chars.h"
#include "core/http/errors.h"

namespace weir::http {
namespace {

constexpr std::string_view kVersionLine = "HTTP/1.1\r\n";
constexpr std::size_t kVersionSize = 8;

const ParseError& method_error(char c, bool empty) {
  if (c == '\n') return errors::kBareLf;
  if (c == '\r' || empty) return errors::kBadRequestLine;
  return errors::kBadMethod;
}

const ParseError& target_error(char c) {
  if (c == '\n') return errors::kBareLf;
  if (c == '\r') return errors::kBadRequestLine;
  return c == '#' ? errors::kFragment : errors::kBadTarget;
}

// Why `c` cannot be at `index` of the version and its line end, or null.
const ParseError* version_error(char c, std::size_t index) {
  const bool is_number = index == 5 || index == 7;
  if (is_number ? is_digit(c) : c == kVersionLine[index]) return nullptr;
  if (c == '\n') return &errors::kBareLf;
  if (index < kVersionSize) return &errors::kBadVersion;
  return index == kVersionSize ? &errors::kBadRequestLine : &errors::kBareCr;
}

}  // namespace

H1RequestParser::H1RequestParser(H1Limits limits) : limits_(limits) {
  WEIR_ASSERT(limits.line_bytes > kVersionLine.size());
  WEIR_ASSERT(limits.head_bytes <= UINT32_MAX);
}

void H1RequestParser::reset() {
  *this = H1RequestParser(limits_);
}

ParseStatus H1RequestParser::fail(const ParseError& error) {
  error_ = &error;
  return ParseStatus::Failed;
}

ParseStatus H1RequestParser::pause(std::size_t position) {
  position_ = static_cast<std::uint32_t>(position);
  return position >= limits_.head_bytes ? fail(errors::kHeadTooLarge) : ParseStatus::Incomplete;
}

ParseStatus H1RequestParser::parse(std::span<char> received, Request& request) {
  if (phase_ != Phase::Fields) {
    const ParseStatus line = parse_request_line(received, request);
    if (line != ParseStatus::Complete) return line;
    phase_ = Phase::Fields;
    fields_.begin(position_, limits_.head_bytes, limits_.fields);
  }
  const ParseStatus status = fields_.parse(received, request.headers);
  if (status == ParseStatus::Incomplete) return status;
  fill_request_line(received.data(), request);
  if (status == ParseStatus::Failed) return fail(fields_.error());
  if (const ParseError* error = finish(received.data(), request)) return fail(*error);
  position_ = static_cast<std::uint32_t>(fields_.end());
  phase_ = Phase::Done;
  return ParseStatus::Complete;
}

ParseStatus H1RequestParser::parse_request_line(std::span<char> received, Request& request) {
  WEIR_ASSERT(phase_ != Phase::Done);
  const char* const base = received.data();
  const std::size_t size = std::min(received.size(), limits_.head_bytes);
  const char* at = base + position_;
  const auto offset = [base](const char* to) { return static_cast<std::uint32_t>(to - base); };

  if (phase_ == Phase::Start) {
    if (size == 0) return pause(0);
    if (base[0] == '\r') {
      if (size == 1) return pause(0);
      if (base[1] != '\n') return fail(errors::kBareCr);
      line_start_ = 2;
      at = base + 2;
    }
    phase_ = Phase::Method;
  }

  // The space before the version has to come before `end`, or the line gets too long.
  const std::size_t line_end = line_start_ + limits_.line_bytes - kVersionSize;
  const char* const end = base + std::min(size, line_end);
  const auto out_of_bytes = [&] {
    return offset(end) == line_end ? fail(errors::kLineTooLong) : pause(offset(end));
  };
  switch (phase_) {
    case Phase::Method:
      while (at < end && is_token_char(*at)) ++at;
      if (at >= end) return out_of_bytes();
      target_start_ = offset(at) + 1;
      if (*at != ' ' || target_start_ == line_start_ + 1) {
        return fail(method_error(*at, target_start_ == line_start_ + 1));
      }
      ++at;
      phase_ = Phase::Path;
      [[fallthrough]];
    case Phase::Path:
      while (at != end && is_path_char(*at)) ++at;
      if (at == end) return out_of_bytes();
      query_start_ = offset(at);
      phase_ = Phase::Query;
      [[fallthrough]];
    case Phase::Query:
      if (base[query_start_] == '?') {
        while (at != end && is_query_char(*at)) ++at;
        if (at == end) return out_of_bytes();
      }
      target_end_ = offset(at);
      if (*at != ' ') return fail(target_error(*at));
      if (target_end_ == target_start_) return fail(errors::kBadRequestLine);
      position_ = target_end_ + 1;
      phase_ = Phase::Version;
      [[fallthrough]];
    default:
      return parse_version(received.first(size), request);
  }
}

ParseStatus H1RequestParser::parse_version(std::span<char> received, Request& request) {
  // At most ten bytes: they are looked at again when more arrive.
  const char* const text = received.data() + target_end_ + 1;
  const std::size_t there = received.size() - target_end_ - 1;
  if (there < kVersionLine.size() || std::string_view(text, kVersionLine.size()) != kVersionLine) {
    for (std::size_t i = 0; i < kVersionLine.size(); ++i) {
      if (i == there) return pause(received.size());
      if (const ParseError* error = version_error(text[i], i)) return fail(*error);
    }
  }
  if (text[5] != '1' || text[7] > '1') return fail(errors::kUnsupportedVersion);
  request.version = text[7] == '1' ? Version::Http11 : Version::Http10;
  position_ = target_end_ + 1 + static_cast<std::uint32_t>(kVersionLine.size());
  return ParseStatus::Complete;
}

void H1RequestParser::fill_request_line(const char* base, Request& request) const {
  request.method_name = {base + line_start_, target_start_ - 1 - line_start_};
  request.method = method_of(request.method_name);
  request.path = {base + target_start_, query_start_ - target_start_};
  request.query = {base + query_start_, target_end_ - query_start_};
}

const ParseError* H1RequestParser::finish(char* base, Request& request) {
  if (request.method == Method::Connect) return &errors::kConnect;
  if (const ParseError* error = read_target(base, request)) return error;

  H1Framing framing;
  if (const ParseError* error = read_framing(request.headers, framing)) return error;
  if (const ParseError* error = read_host(base, framing, request)) return error;
  if (framing.other_expectation) return &errors::kBadExpectation;

  const bool http11 = request.version == Version::Http11;
  if (framing.chunked) {
    if (!http11) return &errors::kTeInHttp10;
    request.body = BodyKind::Chunked;
  } else if (framing.content_length.value_or(0) > 0) {
    request.body = BodyKind::Length;
    request.content_length = *framing.content_length;
  } else {
    request.body = BodyKind::None;
  }
  keep_alive_ = !framing.close && (http11 || framing.keep_alive);
  // HTTP/1.0 knows neither (RFC 9110 sections 7.8 and 10.1.1), and nobody expects a 100 for
  // nothing.
  expect_continue_ = framing.expect_continue && http11 && request.body != BodyKind::None;
  if (framing.expect_continue && !expect_continue_) request.headers.remove(HeaderId::Expect);
  if (framing.names_upgrade && http11) upgrade_ = framing.upgrade;
  return nullptr;
}

const ParseError* H1RequestParser::read_target(char* base, Request& request) const {
  if (request.path.starts_with('/')) return nullptr;
  if (request.path == "*") {
    return request.method == Method::Options && request.query.empty() ? nullptr
                                                                      : &errors::kBadTarget;
  }
  const std::size_t colon = request.path.find("://");
  if (colon == std::string_view::npos) return &errors::kBadTarget;
  const std::string_view scheme = request.path.substr(0, colon);
  if (equals_ignoring_case(scheme, "http")) {
    request.scheme = "http";
  } else if (equals_ignoring_case(scheme, "https")) {
    request.scheme = "https";
  } else {
    return &errors::kBadTarget;
  }
  const std::size_t start = target_start_ + colon + 3;
  const std::size_t path =
      std::min<std::size_t>(request.path.find('/', colon + 3), request.path.size());
  const std::size_t size = target_start_ + path - start;
  lower_case(base + start, size);
  request.authority = {base + start, size};
  request.path.remove_prefix(path);
  // RFC 9112 section 3.2.4: OPTIONS of a whole server.
  if (request.path.empty()) {
    request.path = request.method == Method::Options && request.query.empty() ? "*" : "/";
  }
  return request.authority.empty() ? &errors::kBadHost : nullptr;
}

const ParseError* H1RequestParser::read_host(char* base, const H1Framing& framing,
                                             Request& request) const {
  if (framing.repeated_host) return &errors::kRepeatedHost;
  const bool in_target = !request.authority.empty();
  if (framing.host != nullptr) {
    const std::string_view host = framing.host->value();
    lower_case(base + (host.data() - base), host.size());
    if (in_target && host != request.authority) return &errors::kHostMismatch;
    request.authority = host;
  } else if (request.version == Version::Http11) {
    return &errors::kMissingHost;
  } else if (!in_target) {
    return nullptr;
  }
  const std::optional<Authority> authority = parse_authority(request.authority);
  if (!authority) return &errors::kBadHost;
  request.host = normal_host(authority->host, request.headers.arena());
  request.valid_authority = request.authority;
  request.headers.remove(HeaderId::Host);
  return nullptr;
}

}  // namespace weir::http
