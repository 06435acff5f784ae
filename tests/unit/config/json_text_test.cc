#include "config/json_text.h"

#include <gtest/gtest.h>

#include "config/yaml_text.h"
#include "tests/unit/config/load.h"

namespace weir::config {
namespace {

TEST(JsonText, IsYamlOfTheSameTree) {
  Sources sources;
  Diagnostics diagnostics;
  const std::string text =
      "{a: [1, \"x\\ty\\x7f\\u0085\", {}, []], b: {c: \"${D}\", e: \"a\\nb\"}, f: ü, g: "
      "\"😀\\U0001d11e\\u2028\"}";
  const auto tree = read_yaml(sources, sources.add("a", text), diagnostics);
  ASSERT_TRUE(tree);
  const std::string json = to_json(*tree);
  const auto again = read_yaml(sources, sources.add("b", json), diagnostics);
  ASSERT_TRUE(again) << json;
  EXPECT_EQ(to_yaml(*again), to_yaml(*tree));
  EXPECT_NE(json.find("\"1\""), std::string::npos) << "scalars are texts: " << json;
}

TEST(JsonText, TakesBytesThatAreNotUtf8) {
  EXPECT_EQ(to_json(Node::scalar({}, "\xff")), "\"\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace weir::config
