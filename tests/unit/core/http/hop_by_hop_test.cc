#include "core/http/hop_by_hop.h"

#include <initializer_list>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

std::string left(std::initializer_list<std::pair<const char*, const char*>> fields) {
  Arena arena;
  HeaderMap headers(arena);
  for (const auto& [name, value] : fields) headers.add(name, value);
  remove_hop_by_hop(headers);
  std::string text;
  for (const Header& header : headers.all()) {
    text.append(header.name()).append("=").append(header.value()).append(" ");
  }
  return text;
}

TEST(RemoveHopByHop, RemovesTheFieldsOfTheConnection) {
  EXPECT_EQ(left({{"a", "1"},
                  {"connection", "close"},
                  {"keep-alive", "timeout=5"},
                  {"proxy-connection", "x"},
                  {"transfer-encoding", "chunked"},
                  {"upgrade", "websocket"},
                  {"proxy-authenticate", "x"},
                  {"proxy-authorization", "x"},
                  {"b", "2"}}),
            "a=1 b=2 ");
}

TEST(RemoveHopByHop, RemovesWhatConnectionNames) {
  EXPECT_EQ(left({{"x-a", "1"},
                  {"connection", "close, X-A"},
                  {"x-b", "2"},
                  {"connection", ",x-c ,,"},
                  {"x-c", "3"},
                  {"x-a", "4"},
                  {"x-abc", "5"}}),
            "x-b=2 x-abc=5 ");
}

TEST(RemoveHopByHop, KeepsKnownEndToEndFieldsThatConnectionNames) {
  EXPECT_EQ(left({{"connection", "content-length, x-forwarded-for, cookie, authorization, host"},
                  {"content-length", "1"},
                  {"x-forwarded-for", "2"},
                  {"cookie", "3"},
                  {"authorization", "4"},
                  {"host", "5"}}),
            "content-length=1 x-forwarded-for=2 cookie=3 authorization=4 host=5 ");
}

TEST(RemoveHopByHop, KeepsOnlyTrailersOfTe) {
  EXPECT_EQ(left({{"te", "gzip, Trailers ;q=1"}, {"connection", "te"}}), "");
  EXPECT_EQ(left({{"te", "gzip, Trailers"}, {"connection", "te"}}), "te=trailers ");
  EXPECT_EQ(left({{"te", "gzip"}, {"te", "trailers"}}), "te=trailers ");
}

TEST(RemoveHopByHop, KeepsTrailer) {
  EXPECT_EQ(left({{"trailer", "x"}}), "trailer=x ");
}

}  // namespace
}  // namespace weir::http
