#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/h2_head_reader.h"
#include "core/http/h2_head_writer.h"

// Header blocks of HTTP/2 as plain text, so that outcomes can be compared.
namespace weir::http::h2 {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Read {
  std::string why = "accepted";  // or of the error
  int code = 0;                  // of the error
  std::string method, scheme, authority, host, path, query, upgrade;
  int status = 0;
  BodyKind body = BodyKind::None;
  std::uint64_t content_length = 0;
  std::optional<std::uint64_t> data_expected;
  std::optional<H2Priority> priority;
  bool expect_continue = false;
  std::string headers;  // "name: value\n" each

  bool operator==(const Read&) const = default;
};

inline std::string text_of(const HeaderMap& headers) {
  std::string text;
  for (const Header& header : headers.all()) {
    text.append(header.name()).append(": ").append(header.value()).append("\n");
  }
  return text;
}

inline void add_all(H2HeadReader& reader, const Fields& fields) {
  // What the reader keeps must be copies.
  for (auto [name, value] : fields) reader.add(name, value);
}

inline void set_outcome(Read& read, const H2HeadReader& reader, const ParseError* error) {
  if (error != nullptr) {
    read.why = error->why;
    read.code = error->status;
    return;
  }
  read.data_expected = reader.data_expected();
  read.priority = reader.priority();
  read.expect_continue = reader.expect_continue();
}

inline Read read_request(const Fields& fields, bool end = true, bool extended_connect = false,
                         const H2HeadLimits& limits = {}) {
  Arena arena;
  Request request(arena);
  H2HeadReader reader(limits, extended_connect);
  reader.begin(request);
  add_all(reader, fields);
  Read read;
  set_outcome(read, reader, reader.finish(end));
  read.method = request.method_name;
  if (read.code != 0) return read;
  read.scheme = request.scheme;
  read.authority = request.authority;
  read.host = request.host;
  read.path = request.path;
  read.query = request.query;
  read.upgrade = request.upgrade;
  read.body = request.body;
  read.content_length = request.content_length;
  read.headers = text_of(request.headers);
  return read;
}

inline Read read_response(const Fields& fields, bool end = false, Method method = Method::Get,
                          std::string_view upgrade = {}, const H2HeadLimits& limits = {}) {
  Arena arena;
  Response response(arena);
  H2HeadReader reader(limits, false);
  reader.begin(response, method, upgrade);
  add_all(reader, fields);
  Read read;
  set_outcome(read, reader, reader.finish(end));
  if (read.code != 0) return read;
  read.status = response.status;
  read.upgrade = response.upgrade;
  read.body = response.body;
  read.content_length = response.content_length;
  read.headers = text_of(response.headers);
  return read;
}

inline Read read_trailers(const Fields& fields, bool end = true, const H2HeadLimits& limits = {}) {
  Arena arena;
  HeaderMap trailers(arena);
  H2HeadReader reader(limits, false);
  reader.begin_trailers(trailers);
  add_all(reader, fields);
  Read read;
  set_outcome(read, reader, reader.finish(end));
  if (read.code == 0) read.headers = text_of(trailers);
  return read;
}

inline Fields fields_of(const H2HeadWriter& writer) {
  Fields fields;
  for (const H2Field& field : writer.fields()) fields.emplace_back(field.name, field.value);
  return fields;
}

}  // namespace weir::http::h2
