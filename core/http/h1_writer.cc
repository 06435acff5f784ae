#include "core/http/h1_writer.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "core/base/check.h"
#include "core/http/authority.h"
#include "core/http/chars.h"
#include "core/http/sendable.h"
#include "core/http/status.h"
#include "core/http/trailer_parser.h"

namespace weir::http {
namespace {

// Room for the version, the status, and everything the writer adds itself but the upgrade.
constexpr std::size_t kFixedSize = 192;

// Contiguous room behind a buffer, filled from the front.
class Piece {
 public:
  // Uses what is left of the buffer's last block if `size` bytes fit.
  Piece(BlockPool& pool, Buffer& out, std::size_t size) : out_(out) {
    if (!out.empty()) {
      const Slice& last = out.slices().back();
      Block* block = last.block().get();
      if (block != nullptr && block->room() >= size && last.data() + last.size() == block->tail()) {
        block_ = last.block();
      }
    }
    if (!block_) block_ = pool.get_large(size);
    start_ = at_ = block_->tail();
    end_ = at_ + size;
  }
  ~Piece() {
    const auto size = static_cast<std::size_t>(at_ - start_);
    block_->fill(size);
    out_.append(Slice(std::move(block_), start_, size));
  }
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;

  [[gnu::always_inline]] void put(std::string_view text) {
    WEIR_ASSERT(text.size() <= static_cast<std::size_t>(end_ - at_));
    copy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void put_number(std::uint64_t number, int base = 10) {
    const std::to_chars_result result = std::to_chars(at_, end_, number, base);
    WEIR_ASSERT(result.ec == std::errc());
    at_ = result.ptr;
  }
  // Three digits and a space.
  void put_status(unsigned status) {
    const char text[4] = {static_cast<char>('0' + status / 100),
                          static_cast<char>('0' + status / 10 % 10),
                          static_cast<char>('0' + status % 10), ' '};
    put({text, sizeof text});
  }
  void put_field(const Header& field) {
    const std::string_view name = field.name();
    const std::string_view value = field.value();
    WEIR_ASSERT(name.size() + value.size() + 4 <= static_cast<std::size_t>(end_ - at_));
    copy(at_, name.data(), name.size());
    at_ += name.size();
    std::memcpy(at_, ": ", 2);
    at_ += 2;
    copy(at_, value.data(), value.size());
    at_ += value.size();
    std::memcpy(at_, "\r\n", 2);
    at_ += 2;
  }

 private:
  // Most parts of a head are short: two overlapping moves are faster than a call.
  [[gnu::always_inline]] static void copy(char* to, const char* from, std::size_t size) {
    if (size > 32) {
      std::memcpy(to, from, size);
    } else if (size >= 16) {
      copy_ends<16>(to, from, size);
    } else if (size >= 8) {
      copy_ends<8>(to, from, size);
    } else if (size >= 4) {
      copy_ends<4>(to, from, size);
    } else {
      for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
  }
  template <std::size_t kPart>
  static void copy_ends(char* to, const char* from, std::size_t size) {
    char first[kPart];
    char last[kPart];
    std::memcpy(first, from, kPart);
    std::memcpy(last, from + size - kPart, kPart);
    std::memcpy(to, first, kPart);
    std::memcpy(to + size - kPart, last, kPart);
  }

  Buffer& out_;
  BlockRef block_;
  char* start_;
  char* at_;
  char* end_;
};

std::size_t fields_size(const HeaderMap& headers) {
  std::size_t size = 0;
  for (const Header& field : headers.all()) size += field.name().size() + field.value().size() + 4;
  return size;
}

// What the writer says itself, of its own knowledge.
constexpr HeaderIdSet kWrittenElsewhere = {
    HeaderId::Connection,      HeaderId::ContentLength,    HeaderId::KeepAlive,
    HeaderId::ProxyConnection, HeaderId::TransferEncoding, HeaderId::Upgrade,
};
constexpr HeaderIdSet kOfRequestElsewhere = kWrittenElsewhere.with(HeaderId::Host);

void put_checked(Piece& piece, const Header& field) {
  const bool valid = field.form() != Header::Form::Unchecked || is_sendable(field);
  WEIR_ASSERT(valid);
  if (valid) piece.put_field(field);
}

// All of them but `left_out`. Lines that came one behind the other are copied as one.
void put_fields(Piece& piece, const HeaderMap& headers, const HeaderIdSet& left_out) {
  std::string_view lines;
  for (const Header& field : headers.all()) {
    if (left_out.has(field.id())) continue;
    if (field.form() != Header::Form::Line) {
      piece.put(std::exchange(lines, {}));
      put_checked(piece, field);
    } else if (const std::string_view line = field.line();
               line.data() == lines.data() + lines.size()) {
      lines = {lines.data(), lines.size() + line.size()};
    } else {
      piece.put(std::exchange(lines, line));
    }
  }
  piece.put(lines);
}

void put_content_length(Piece& piece, std::uint64_t length) {
  piece.put("content-length: ");
  piece.put_number(length);
  piece.put("\r\n");
}

// Connection and Upgrade. `te` adds the option that TE needs (RFC 9110 section 10.1.4).
void put_connection(Piece& piece, ConnectionHeader connection, std::string_view upgrade, bool te) {
  const bool upgrades = !upgrade.empty();
  if (connection == ConnectionHeader::Implied && !upgrades && !te) return;
  std::string_view separator = "connection: ";
  const auto put_option = [&](std::string_view option) {
    piece.put(separator);
    piece.put(option);
    separator = ", ";
  };
  if (connection == ConnectionHeader::Close) put_option("close");
  if (connection == ConnectionHeader::KeepAlive) put_option("keep-alive");
  if (upgrades) put_option("upgrade");
  if (te) put_option("te");
  piece.put("\r\n");
  if (upgrades) put_checked(piece, Header(HeaderId::Upgrade, "upgrade", upgrade));
}

// Whether a request with this method and no body says so (RFC 9110 section 8.6).
bool announces_empty_body(const Request& request) {
  return request.method == Method::Post || request.method == Method::Put ||
         request.method == Method::Patch || request.headers.has(HeaderId::ContentLength);
}

// RFC 9112 section 6.1 and RFC 9110 section 8.6.
void put_response_framing(Piece& piece, const Response& response, bool to_head) {
  if (response.status < 200 || response.status == 204) return;
  if (response.body == BodyKind::Length) {
    put_content_length(piece, response.content_length);
  } else if (response.body == BodyKind::Chunked) {
    piece.put("transfer-encoding: chunked\r\n");
  } else if (to_head || response.status == 304) {
    const Header* length = response.headers.find(HeaderId::ContentLength);
    if (length != nullptr) put_checked(piece, *length);
  } else if (response.body == BodyKind::None) {
    put_content_length(piece, 0);
  }
}

}  // namespace

bool write_request_head(const Request& request, const RequestHeadOptions& options, BlockPool& pool,
                        Buffer& out) {
  if (!has_sendable_target(request)) return false;
  if (!request.authority.empty() && !request.authority_known_valid() &&
      !parse_authority(request.authority)) {
    return false;
  }
  const std::string_view host =
      request.authority.empty() ? options.default_host : request.authority;
  Piece piece(pool, out,
              kFixedSize + request.method_name.size() + request.path.size() + request.query.size() +
                  host.size() + options.upgrade.size() + fields_size(request.headers));
  piece.put(request.method_name);
  piece.put(" ");
  piece.put(request.path);
  piece.put(request.query);
  piece.put(" HTTP/1.1\r\nhost: ");
  piece.put(host);
  piece.put("\r\n");
  put_fields(piece, request.headers, kOfRequestElsewhere);
  put_connection(piece, options.connection, options.upgrade, request.headers.has(HeaderId::Te));
  if (request.body == BodyKind::Length) {
    put_content_length(piece, request.content_length);
  } else if (request.body == BodyKind::Chunked) {
    piece.put("transfer-encoding: chunked\r\n");
  } else if (announces_empty_body(request)) {
    put_content_length(piece, 0);
  }
  piece.put("\r\n");
  return true;
}

void write_response_head(const Response& response, const ResponseHeadOptions& options,
                         BlockPool& pool, Buffer& out) {
  WEIR_ASSERT(response.status >= 100 && response.status <= 999);
  std::string_view reason =
      response.reason.empty() ? reason_phrase(response.status) : response.reason;
  const bool reason_valid = response.reason.empty() || is_field_value(reason);
  WEIR_ASSERT(reason_valid);
  if (!reason_valid) reason = reason_phrase(response.status);

  Piece piece(pool, out,
              kFixedSize + reason.size() + options.upgrade.size() + fields_size(response.headers));
  piece.put("HTTP/1.1 ");
  piece.put_status(response.status);
  piece.put(reason);
  piece.put("\r\n");
  put_fields(piece, response.headers, kWrittenElsewhere);
  put_connection(piece, options.connection, options.upgrade, false);
  put_response_framing(piece, response, options.to_head);
  piece.put("\r\n");
}

void write_chunk(Buffer& data, BlockPool& pool, Buffer& out) {
  if (data.empty()) return;
  {
    Piece piece(pool, out, 18);
    piece.put_number(data.size(), 16);
    piece.put("\r\n");
  }
  out.append(data);
  out.append(Slice::of_static("\r\n"));
}

void write_last_chunk(const HeaderMap* trailers, BlockPool& pool, Buffer& out) {
  if (trailers == nullptr || trailers->size() == 0) {
    out.append(Slice::of_static("0\r\n\r\n"));
    return;
  }
  Piece piece(pool, out, 5 + fields_size(*trailers));
  piece.put("0\r\n");
  for (const Header& field : trailers->all()) {
    if (is_trailer_allowed(field)) put_checked(piece, field);
  }
  piece.put("\r\n");
}

}  // namespace weir::http
