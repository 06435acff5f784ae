#include "core/http/field_parser.h"

#include <algorithm>
#include <limits>

#include "core/base/check.h"
#include "core/http/chars.h"
#include "core/http/errors.h"

namespace weir::http {
namespace {

constexpr bool is_space(char c) {
  return c == ' ' || c == '\t';
}

// Why `c` cannot follow what has been read of a name.
const ParseError& name_error(char c, bool empty) {
  if (c == '\n') return errors::kBareLf;
  if (empty) return errors::kBadHeaderName;
  if (c == '\r') return errors::kMissingColon;
  return is_space(c) ? errors::kSpaceBeforeColon : errors::kBadHeaderName;
}

}  // namespace

void FieldParser::begin(std::size_t start, std::size_t max_size, std::size_t max_fields) {
  WEIR_ASSERT(max_size <= std::numeric_limits<std::uint32_t>::max());
  *this = FieldParser();
  position_ = static_cast<std::uint32_t>(start);
  max_size_ = static_cast<std::uint32_t>(max_size);
  max_fields_ = static_cast<std::uint32_t>(max_fields);
}

ParseStatus FieldParser::fail(const ParseError& error) {
  error_ = &error;
  return ParseStatus::Failed;
}

// Nearly all lines are complete, with one space behind the colon and none at the end. Stops before
// the first that is not, or that has a fault for parse() to name.
char* FieldParser::take_plain_lines(char* at, const char* end, HeaderMap& headers) const {
  constexpr std::ptrdiff_t kRoom = kScanRoom + 2;  // with ": "
  while (end - at >= kRoom && *at > ' ' && headers.size() < max_fields_) {
    const ScannedName name = scan_header_name(at);
    // A name that is known needs no look at its characters.
    if (name.size == 0 || (name.id == HeaderId::Other && !is_token({at, name.size}))) return at;
    const char* const value = at + name.size + 2;
    if (value[-1] != ' ' || *value == ' ' || *value == '\t') return at;
    const char* const value_end = find_value_end(value, end);
    if (end - value_end < 2 || value_end[0] != '\r' || value_end[1] != '\n') return at;
    if (is_space(value_end[-1]) && value_end != value) return at;
    headers.add_line(name.id, {at, name.size}, {value, value_end});
    at += value_end + 2 - at;
  }
  return at;
}

// Takes more of the name; with the colon the phase is the next.
const ParseError* FieldParser::read_name(char* base, char*& at, const char* end) {
  for (unsigned char lower; at != end && (lower = token_lower(*at)) != 0; ++at) {
    *at = static_cast<char>(lower);
  }
  if (at == end) return nullptr;
  const std::size_t size = static_cast<std::size_t>(at - base) - name_start_;
  if (*at != ':' || size == 0) return &name_error(*at, size == 0);
  if (size > std::numeric_limits<std::uint16_t>::max()) return &errors::kHeadTooLarge;
  id_ = header_id({base + name_start_, size});
  name_end_ = static_cast<std::uint32_t>(at++ - base);
  phase_ = Phase::Space;
  return nullptr;
}

// Takes more of the value; with the CR the phase is the next.
const ParseError* FieldParser::read_value(const char* base, char*& at, const char* end) {
  at += find_value_end(at, end) - at;
  if (at == end) return nullptr;
  if (*at != '\r') return *at == '\n' ? &errors::kBareLf : &errors::kControlInValue;
  value_end_ = static_cast<std::uint32_t>(at++ - base);
  phase_ = Phase::LineFeed;
  return nullptr;
}

void FieldParser::add_field(const char* base, HeaderMap& headers) const {
  const char* value_end = base + value_end_;
  while (value_end != base + value_start_ && is_space(value_end[-1])) --value_end;
  const std::string_view name(base + name_start_, name_end_ - name_start_);
  headers.add_valid(id_, name, {base + value_start_, value_end});
}

ParseStatus FieldParser::parse(std::span<char> bytes, HeaderMap& headers) {
  char* const base = bytes.data();
  if (base != base_) {
    headers.move_views(base_, base);
    base_ = base;
  }
  const char* const end = base + std::min<std::size_t>(bytes.size(), max_size_);
  const auto offset = [base](const char* at) { return static_cast<std::uint32_t>(at - base); };

  char* at = base + position_;
  if (phase_ == Phase::LineStart) at = take_plain_lines(at, end, headers);
  while (at != end) {
    switch (phase_) {
      case Phase::LineStart:
        if (*at == '\r') {
          ++at;
          phase_ = Phase::LastLineFeed;
          continue;
        }
        if (is_space(*at)) {
          return fail(headers.size() == 0 ? errors::kLeadingSpace : errors::kObsFold);
        }
        if (headers.size() >= max_fields_) return fail(errors::kTooManyFields);
        name_start_ = offset(at);
        phase_ = Phase::Name;
        [[fallthrough]];

      case Phase::Name:
        if (const ParseError* error = read_name(base, at, end)) return fail(*error);
        if (at == end) continue;
        [[fallthrough]];

      case Phase::Space:
        while (at != end && is_space(*at)) ++at;
        if (at == end) continue;
        value_start_ = offset(at);
        phase_ = Phase::Value;
        [[fallthrough]];

      case Phase::Value:
        if (const ParseError* error = read_value(base, at, end)) return fail(*error);
        if (at == end) continue;
        [[fallthrough]];

      case Phase::LineFeed:
        if (*at++ != '\n') return fail(errors::kBareCr);
        add_field(base, headers);
        phase_ = Phase::LineStart;
        at = take_plain_lines(at, end, headers);
        continue;

      case Phase::LastLineFeed:
        if (*at++ != '\n') return fail(errors::kBareCr);
        position_ = offset(at);
        return ParseStatus::Complete;
    }
  }
  position_ = offset(at);
  return position_ == max_size_ ? fail(errors::kHeadTooLarge) : ParseStatus::Incomplete;
}

}  // namespace weir::http
