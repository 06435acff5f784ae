#include "config/describe.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/config/mini_file.h"

namespace weir::config {
namespace {

const Description& field_of(const Description& description, std::string_view name) {
  const auto found = std::find_if(description.fields.begin(), description.fields.end(),
                                  [&](const Description& field) { return field.name == name; });
  EXPECT_NE(found, description.fields.end()) << name;
  return *found;
}

TEST(Describe, TellsNameTypeDocDefaultAndRange) {
  const Description route = describe<mini::Route>();
  EXPECT_EQ(route.type, "route");
  const Description& timeout = field_of(route, "timeout");
  EXPECT_EQ(timeout.type, "duration");
  EXPECT_EQ(timeout.doc, "from the request to the response head");
  EXPECT_EQ(timeout.normal, "15s");
  EXPECT_EQ(timeout.least, "1ms");
  EXPECT_EQ(timeout.most, "1h");
  EXPECT_FALSE(timeout.required);
}

TEST(Describe, TellsOfOffSecretsAndChoices) {
  const Description route = describe<mini::Route>();
  EXPECT_EQ(field_of(route, "idle_timeout").normal, "5m");
  EXPECT_TRUE(field_of(route, "idle_timeout").or_off);
  EXPECT_EQ(field_of(route, "total_timeout").normal, "off");
  EXPECT_TRUE(field_of(route, "cookie_keys").secret);
  EXPECT_EQ(field_of(route, "cookie_keys").normal, "");
  EXPECT_EQ(field_of(route, "cluster").choice, "action");
  EXPECT_TRUE(field_of(route, "cluster").choice_required);
  EXPECT_EQ(field_of(route, "bandwidth").least, "1kB/s");
  EXPECT_EQ(field_of(route, "bandwidth").most, "");
}

TEST(Describe, FollowsListsMapsAndStructs) {
  const Description file = describe<mini::File>();
  const Description& routes = field_of(file, "routes");
  EXPECT_EQ(routes.type, "map of list of route");
  EXPECT_EQ(field_of(routes, "match").type, "match");
  const Description& endpoints = field_of(field_of(file, "clusters"), "endpoints");
  EXPECT_EQ(endpoints.type, "list of endpoint");
  EXPECT_TRUE(field_of(endpoints, "address").required);
  EXPECT_EQ(field_of(endpoints, "labels").type, "map of text");
}

TEST(Describe, ListsTheNamesOfAnEnum) {
  const Description cluster = describe<mini::Cluster>();
  const Description& protocol = field_of(cluster, "protocol");
  EXPECT_EQ(protocol.names, (std::vector<std::string>{"auto", "http1", "http2"}));
  EXPECT_EQ(protocol.normal, "auto");
}

TEST(Describe, StopsWhereAStructContainsItself) {
  const Description match = describe<mini::Match>();
  EXPECT_EQ(field_of(match, "not").type, "match");
  EXPECT_TRUE(field_of(match, "not").fields.empty());
  EXPECT_TRUE(field_of(match, "host").one_or_many);
}

}  // namespace
}  // namespace weir::config
