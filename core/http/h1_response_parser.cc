#include "core/http/h1_response_parser.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/http/chars.h"
#include "core/http/errors.h"
#include "core/http/field_list.h"
#include "core/http/h1_framing.h"

namespace weir::http {
namespace {

constexpr std::string_view kPattern = "HTTP/1.1 200";

// Why `c` cannot be at `index` of the version and status, or null.
const ParseError* start_error(char c, std::size_t index) {
  const bool is_number = index == 5 || index == 7 || index > 8;
  if (is_number ? is_digit(c) : c == kPattern[index]) return nullptr;
  if (c == '\n') return &errors::kBareLf;
  return index < 8 ? &errors::kBadVersion : &errors::kBadStatusLine;
}

}  // namespace

H1ResponseParser::H1ResponseParser(H1Limits limits) : limits_(limits) {
  WEIR_ASSERT(limits.head_bytes <= UINT32_MAX);
}

void H1ResponseParser::reset() {
  *this = H1ResponseParser(limits_);
}

ParseStatus H1ResponseParser::fail(const ParseError& error) {
  error_ = error;
  error_.status = 502;
  return ParseStatus::Failed;
}

ParseStatus H1ResponseParser::pause(std::size_t position) {
  position_ = static_cast<std::uint32_t>(position);
  return position >= limits_.head_bytes ? fail(errors::kHeadTooLarge) : ParseStatus::Incomplete;
}

ParseStatus H1ResponseParser::parse(std::span<char> received, Method method, Response& response) {
  if (phase_ != Phase::Fields) {
    const ParseStatus line = parse_status_line(received, response);
    if (line != ParseStatus::Complete) return line;
    phase_ = Phase::Fields;
    fields_.begin(position_, limits_.head_bytes, limits_.fields);
  }
  const ParseStatus status = fields_.parse(received, response.headers);
  if (status == ParseStatus::Incomplete) return status;
  if (status == ParseStatus::Failed) return fail(fields_.error());
  response.reason =
      trim_white_space({received.data() + reason_start_, reason_end_ - reason_start_});
  if (const ParseError* error = finish(method, response)) return fail(*error);
  position_ = static_cast<std::uint32_t>(fields_.end());
  phase_ = Phase::Done;
  return ParseStatus::Complete;
}

ParseStatus H1ResponseParser::parse_status_line(std::span<char> received, Response& response) {
  WEIR_ASSERT(phase_ != Phase::Done);
  const char* const base = received.data();
  const std::size_t size = std::min(received.size(), limits_.head_bytes);
  if (phase_ == Phase::Start) {
    // Few bytes: they are looked at again when more arrive.
    const bool usual = size > kPattern.size() && std::string_view(base, 9) == kPattern.substr(0, 9);
    for (std::size_t i = usual ? 9 : 0; i < kPattern.size(); ++i) {
      if (i == size) return pause(size);
      if (const ParseError* error = start_error(base[i], i)) return fail(*error);
    }
    if (base[5] != '1' || base[7] > '1') return fail(errors::kUnsupportedVersion);
    if (base[9] == '0') return fail(errors::kBadStatusLine);
    if (size == kPattern.size()) return pause(size);
    // Origins that leave out the reason often leave out the space before it too.
    const char next = base[kPattern.size()];
    if (next != ' ' && next != '\r') {
      return fail(next == '\n' ? errors::kBareLf : errors::kBadStatusLine);
    }
    response.version = base[7] == '1' ? Version::Http11 : Version::Http10;
    response.status =
        static_cast<std::uint16_t>((base[9] - '0') * 100 + (base[10] - '0') * 10 + base[11] - '0');
    reason_start_ = position_ = kPattern.size();
    phase_ = Phase::Reason;
  }
  if (phase_ == Phase::Reason) {
    const char* const end = find_value_end(base + position_, base + size);
    position_ = static_cast<std::uint32_t>(end - base);
    if (position_ == size) return pause(size);
    if (*end != '\r') return fail(*end == '\n' ? errors::kBareLf : errors::kBadStatusLine);
    reason_end_ = position_++;
    phase_ = Phase::LineFeed;
  }
  if (position_ == size) return pause(size);
  return base[position_++] == '\n' ? ParseStatus::Complete : fail(errors::kBareCr);
}

// RFC 9112 section 6.3.
const ParseError* H1ResponseParser::finish(Method method, Response& response) {
  H1Framing framing;
  if (const ParseError* error = read_framing(response.headers, framing)) return error;
  const bool http11 = response.version == Version::Http11;
  if (framing.chunked && !http11) return &errors::kTeInHttp10;

  const std::uint64_t length = framing.content_length.value_or(0);
  const bool interim = response.status < 200;
  if (interim || response.status == 204) {
    // RFC 9112 section 6.1 forbids both there; an announced length of zero does no harm.
    if (framing.chunked || length > 0) return &errors::kBodyNotAllowed;
    response.body = BodyKind::None;
  } else if (response.status == 205 && length > 0) {
    return &errors::kBodyNotAllowed;
  } else if (method == Method::Head || response.status == 304) {
    response.body = BodyKind::None;
  } else if (framing.chunked) {
    response.body = BodyKind::Chunked;
  } else if (length > 0) {
    response.body = BodyKind::Length;
    response.content_length = length;
  } else {
    response.body = framing.content_length ? BodyKind::None : BodyKind::UntilClose;
  }
  keep_alive_ =
      !framing.close && (http11 || framing.keep_alive) && response.body != BodyKind::UntilClose;
  if (framing.names_upgrade && http11) upgrade_ = framing.upgrade;
  return nullptr;
}

}  // namespace weir::http
