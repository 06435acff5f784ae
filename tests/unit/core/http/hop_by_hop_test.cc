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

TEST(RemoveHopByHop, KeepsWhatWeirReliesOnThoughConnectionNamesIt) {
  EXPECT_EQ(left({{"connection", "content-length, x-forwarded-for, cookie, x-request-id, host"},
                  {"content-length", "1"},
                  {"x-forwarded-for", "2"},
                  {"cookie", "3"},
                  {"x-request-id", "4"},
                  {"host", "5"}}),
            "content-length=1 x-forwarded-for=2 x-request-id=4 host=5 ");
}

TEST(RemoveHopByHop, SaysWhatConnectionNamedForTheTrailers) {
  Arena arena;
  HeaderMap headers(arena);
  headers.add("connection", "close, X-A");
  const NamedFields names = remove_hop_by_hop(headers);
  HeaderMap trailers(arena);
  trailers.add("x-a", "1");
  trailers.add("x-b", "2");
  remove_named(trailers, names);
  ASSERT_EQ(trailers.size(), 1u);
  EXPECT_EQ(trailers.all()[0].name(), "x-b");
  headers.clear();
  headers.add("connection", "Keep-Alive");
  EXPECT_TRUE(remove_hop_by_hop(headers).empty());
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
