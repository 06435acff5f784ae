#include "config/describe.h"

#include <gtest/gtest.h>

#include "tests/unit/config/mini_file.h"

namespace weir::config {
namespace {

template <typename T>
Description field_of(std::string_view name) {
  const StructInfo& structure = *type_info<T>().structure();
  const FieldInfo* field = structure.field(name);
  EXPECT_NE(field, nullptr) << name;
  return field == nullptr ? Description() : describe(structure, *field);
}

TEST(Describe, TellsTypeDefaultAndRange) {
  const Description timeout = field_of<mini::Route>("timeout");
  EXPECT_EQ(timeout.type, "duration");
  EXPECT_EQ(timeout.normal, "15s");
  EXPECT_EQ(timeout.range, "1ms to 1h");
  EXPECT_EQ(timeout.structure, nullptr);
  EXPECT_EQ(field_of<mini::Route>("bandwidth").range, "at least 1kB/s");
  EXPECT_EQ(field_of<mini::Route>("idle_timeout").normal, "5m");
  EXPECT_EQ(field_of<mini::Route>("total_timeout").normal, "off");
  EXPECT_EQ(field_of<mini::Route>("cookie_keys").normal, "");
  EXPECT_EQ(field_of<mini::Route>("cookie_keys").range, "");
}

TEST(Describe, FollowsListsMapsAndStructs) {
  const Description routes = field_of<mini::File>("routes");
  EXPECT_EQ(routes.type, "map of list of route");
  EXPECT_EQ(routes.structure, type_info<mini::Route>().structure());
  EXPECT_EQ(field_of<mini::Cluster>("endpoints").type, "list of endpoint");
  EXPECT_EQ(field_of<mini::Endpoint>("labels").type, "map of text");
  EXPECT_EQ(field_of<mini::Match>("not").structure, type_info<mini::Match>().structure());
}

TEST(Describe, ListsTheNamesOfAnEnum) {
  const Description protocol = field_of<mini::Cluster>("protocol");
  EXPECT_EQ(protocol.names, (std::vector<std::string>{"auto", "http1", "http2"}));
  EXPECT_EQ(protocol.normal, "auto");
}

}  // namespace
}  // namespace weir::config
