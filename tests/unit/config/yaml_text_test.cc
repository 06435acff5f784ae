#include "config/yaml_text.h"

#include <gtest/gtest.h>

#include "config/reader.h"

namespace weir::config {
namespace {

Node tree_of(std::string text) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.add("a.yaml", std::move(text));
  std::optional<Node> tree = read_yaml(sources, source, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << to_text(diagnostics, sources);
  return tree ? *std::move(tree) : Node();
}

TEST(YamlText, WritesMapsAndListsInBlocksAndShortListsInOneLine) {
  EXPECT_EQ(to_yaml(tree_of("{ a: { b: [1, two], c: {} }, d: [ { e: f, g: [ { h: i } ] }, j ] }")),
            "a:\n"
            "  b: [1, two]\n"
            "  c: {}\n"
            "d:\n"
            "  - e: f\n"
            "    g:\n"
            "      - h: i\n"
            "  - j\n");
  EXPECT_EQ(to_yaml(Node::map({})), "{}\n");
}

TEST(YamlText, QuotesWhatYamlWouldTakeForSomethingElse) {
  for (const std::string text : {"",
                                 " ",
                                 "-",
                                 "- a",
                                 "--- a",
                                 "*.example",
                                 "%host%",
                                 "@a",
                                 "a: b",
                                 "a #b",
                                 "#",
                                 "a:",
                                 ":a",
                                 "~",
                                 "null",
                                 "[a]",
                                 "{a}",
                                 "a, b",
                                 "\"",
                                 "'",
                                 "a\\b",
                                 "two\nlines",
                                 "a\tb",
                                 "\x7f",
                                 "${A:-[::]:80}",
                                 "|",
                                 ">",
                                 "&a",
                                 "!a",
                                 "?",
                                 "? a",
                                 "`",
                                 "äöü",
                                 "\xc2\x80\xc2\x9f",
                                 "a\u061c\u202eb\ufeff",
                                 "a b ",
                                 " a",
                                 "=",
                                 "<<"}) {
    Node map = Node::map({});
    map.add("key", Node::scalar({}, text));
    const std::string key = text.find("${") == std::string::npos ? text + "k" : "other";
    map.add(key, Node::scalar({}, "value"));
    Node list = Node::list({});
    list.items().push_back(Node::scalar({}, text));
    map.add("list", list);
    const std::string yaml = to_yaml(map);
    const Node again = tree_of(yaml);
    ASSERT_NE(again.find("key"), nullptr) << yaml;
    EXPECT_EQ(again.find("key")->text(), text) << yaml;
    EXPECT_TRUE(again.find("key")->is_scalar()) << yaml;
    ASSERT_NE(again.find(key), nullptr) << yaml;
    ASSERT_EQ(again.find("list")->items().size(), 1u) << yaml;
    EXPECT_EQ(again.find("list")->items()[0].text(), text) << yaml;
  }
}

TEST(YamlText, PutsANoteBehindEveryTextAndWhatIsEmpty) {
  const LineNote line = [](const Node& value) { return std::to_string(value.where().line); };
  EXPECT_EQ(to_yaml(tree_of("a: [b, c]\nd: {}\ne:\n  - f: g\n    h: []\n"), line),
            "a:\n"
            "  - b  # 1\n"
            "  - c  # 1\n"
            "d: {}  # 2\n"
            "e:\n"
            "  - f: g  # 4\n"
            "    h: []  # 5\n");
}

TEST(YamlText, WritesListsAndTextsThatStandAlone) {
  EXPECT_EQ(to_yaml(tree_of("a: [ { b: c } ]").find("a")->items().front()), "b: c\n");
  EXPECT_EQ(to_yaml(*tree_of("a: [ { b: c } ]").find("a")), "- b: c\n");
  EXPECT_EQ(to_yaml(Node::scalar({}, "text")), "text\n");
  EXPECT_EQ(to_yaml(Node::list({})), "[]\n");
}

}  // namespace
}  // namespace weir::config
