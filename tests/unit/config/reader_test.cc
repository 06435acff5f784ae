#include "config/reader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/source_check.h"

namespace weir::config {
namespace {

struct Read {
  Sources sources;
  Diagnostics diagnostics;
  std::optional<Node> tree;

  explicit Read(std::string text, const Limits& limits = {}) {
    const std::uint32_t source = sources.add("a.yaml", std::move(text));
    tree = read_yaml(sources, source, diagnostics, limits);
  }
  const Node& operator[](std::string_view key) const {
    static const Node absent;
    const Node* found = tree ? tree->find(key) : nullptr;
    return found == nullptr ? absent : *found;
  }
  std::string errors() const { return to_text(diagnostics, sources); }
};

std::string errors(std::string text, const Limits& limits = {}) {
  return Read(std::move(text), limits).errors();
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Reader, KeepsOrderPositionsAndQuotes) {
  const Read read("b: 1\na:\n  - \"x\"\n  - y\n");
  ASSERT_TRUE(read.tree);
  const auto& entries = read.tree->entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].key, "b");
  EXPECT_EQ(entries[1].key, "a");
  EXPECT_EQ(entries[1].where, (Position{0, 2, 1}));
  const auto& items = read["a"].items();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].text(), "x");
  EXPECT_TRUE(items[0].quoted());
  EXPECT_EQ(items[0].where(), (Position{0, 3, 5}));
  EXPECT_FALSE(items[1].quoted());
}

TEST(Reader, LeavesTheMeaningOfTextToTheSchema) {
  const Read read("a: yes\nb: 010\nc: 1.0\nd: ${X}\ne: 2001-01-01\n");
  EXPECT_EQ(read["a"].text(), "yes");
  EXPECT_EQ(read["b"].text(), "010");
  EXPECT_EQ(read["c"].text(), "1.0");
  EXPECT_EQ(read["d"].text(), "${X}");
  EXPECT_EQ(read["e"].text(), "2001-01-01");
}

TEST(Reader, ReadsBlockTextAndJson) {
  const Read block("a: |\n  one\n  two\n");
  EXPECT_EQ(block["a"].text(), "one\ntwo\n");
  EXPECT_TRUE(block["a"].quoted());
  const Read json(R"({"a": ["x", 1, true], "b": {"c": null}})");
  EXPECT_EQ(json.errors(), "");
  EXPECT_EQ(json["a"].items()[2].text(), "true");
  EXPECT_TRUE(json["b"].find("c")->is_null());
}

TEST(Reader, TakesLinesOfWindows) {
  const Read read(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 2\r\n");
  EXPECT_EQ(read.errors(), "");
  EXPECT_EQ(read["b"].text(), "2");
  EXPECT_EQ(read["a"].where(), (Position{0, 1, 4}));
}

TEST(Reader, MakesAnEmptyMapOfAFileWithoutContent) {
  for (const char* text : {"", "\n\n", "# comment\n", "---\n", "~"}) {
    const Read read(text);
    EXPECT_EQ(read.errors(), "") << text;
    ASSERT_TRUE(read.tree) << text;
    EXPECT_TRUE(read.tree->is_map()) << text;
  }
}

TEST(Reader, TellsWhereNothingWasWritten) {
  const Read read("a:\nb:\n  - \n  -   # none\n\n  - x\n  - ~\n");
  EXPECT_EQ(read["a"].where(), (Position{0, 1, 1}));
  EXPECT_TRUE(read["a"].is_null());
  const auto& items = read["b"].items();
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(items[0].where(), (Position{0, 3, 3}));
  EXPECT_EQ(items[1].where(), (Position{0, 4, 3}));
  EXPECT_EQ(items[3].where(), (Position{0, 7, 5}));
}

TEST(Reader, RefusesDuplicateKeysAtAnyDepth) {
  EXPECT_EQ(errors("a: 1\nb: 2\n\"a\": 3\n"),
            "a.yaml:3:1: error: a: 'a' is written twice; the first is on line 1\n");
  EXPECT_EQ(errors("x: [ { a: 1, a: 2 } ]\n"),
            "a.yaml:1:14: error: x[0].a: 'a' is written twice; the first is on line 1\n");
}

TEST(Reader, ReportsEveryDuplicate) {
  EXPECT_EQ(Read("a: 1\na: 2\na: 3\nb: { c: 1, c: 2 }\n").diagnostics.errors(), 3u);
}

TEST(Reader, RefusesKeysThatAreNotText) {
  EXPECT_EQ(errors("? { a: 1 }\n: x\n"),
            "a.yaml:1:3: error: a key must be text, and this is a map\n");
  EXPECT_EQ(errors("~: x\n"),
            "a.yaml:1:1: error: a key must be text; quote it if it is to be this word\n");
  EXPECT_NE(errors(": x\n"), "");
  EXPECT_NE(errors("${A}: x\n"), "");
}

TEST(Reader, RefusesTags) {
  EXPECT_EQ(errors("a: !!str 1\n"),
            "a.yaml:1:4: error: a: tags such as tag:yaml.org,2002:str have no meaning here\n");
  EXPECT_NE(errors("a: !x [1]\n"), "");
}

TEST(Reader, RefusesASecondDocumentAndContentAfterTheFirst) {
  EXPECT_EQ(errors("a: 1\n---\nb: 2\n"), "a.yaml:2:1: error: a second document; a file has one\n");
  EXPECT_EQ(errors("[a] b\n"), "a.yaml:1:5: error: nothing can follow here\n");
  EXPECT_EQ(errors("--- {a: 1}\n...\n"), "");
}

TEST(Reader, RefusesDirectivesButTheVersion) {
  EXPECT_EQ(errors("%YAML 1.2\n---\na: 1\n"), "");
  for (const char* text :
       {"a: 1\n%x\n", "%x\n", "a:\n%x%\n", "%TAG !e! tag:e,2000:\n---\na: 1\n"}) {
    EXPECT_NE(errors(text).find("a line cannot begin with '%'"), std::string::npos) << text;
  }
}

TEST(Reader, RefusesTabsInTheIndentation) {
  EXPECT_EQ(errors("a:\n\tb: 1\n"), "a.yaml:2:2: error: a: a tab in the indentation; use spaces\n");
  EXPECT_EQ(errors("a:\n \tb\n"), "a.yaml:2:3: error: a: a tab in the indentation; use spaces\n");
  EXPECT_EQ(errors("a: [\n\tb,\n\tc ]\nd:\t1\n"), "");
}

TEST(Reader, RefusesControlCharactersAndWhatIsNotUtf8) {
  EXPECT_EQ(
      errors(std::string("a: 1\nb: \0\n", 9)),
      "a.yaml:2:4: error: a control character; in double quotes it can be written as \\xNN\n");
  EXPECT_NE(errors("a: \x04 hidden\n"), "");
  EXPECT_NE(errors("a: \x7f\n"), "");
  EXPECT_NE(errors("a: \xC2\x85\n"), "");
  EXPECT_EQ(errors("a: b\rc: d\n"), "a.yaml:1:5: error: a carriage return without a newline\n");
  for (const char* text : {"\xff", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xC3", "\xE2\x82", "\xF0\x9F\x98"}) {
    EXPECT_EQ(errors("a: " + std::string(text)), "a.yaml:1:4: error: not UTF-8\n");
  }
  EXPECT_EQ(errors("a: \"äöü €😀\"\n"), "");
}

TEST(Reader, RefusesEscapesThatGiveZeroBytesOrNoUtf8) {
  EXPECT_EQ(errors("a: \"\\0\"\n"), "a.yaml:1:4: error: a: a zero byte in text\n");
  EXPECT_EQ(errors("a: \"\\N\"\n"), "a.yaml:1:4: error: a: an escape that does not give UTF-8\n");
  EXPECT_NE(errors("a: \"\\uD800\"\n"), "");
  EXPECT_NE(errors("a: \"\\q\"\n"), "");
  EXPECT_EQ(errors("a: \"\\u00e4\\x0a\"\n"), "");
}

TEST(Reader, RefusesQuotesThatAreNeverClosed) {
  for (const char* text : {"a: \"x", "a: \"x\n", "a: 'x\n", "a: \"x\\\"\n", "a: 'it''s\n",
                           "a: { b: \"x }\n", "\"a: 1\n"}) {
    EXPECT_NE(errors(text).find("the closing quote is missing"), std::string::npos)
        << text << errors(text);
  }
  EXPECT_EQ(errors("a: 'it''s'\nb: \"\\\"\"\nc: \"x\"\n"), "");
}

TEST(Reader, ReplacesAliasesByCopies) {
  const Read read("a: &x { k: [1, 2] }\nb: *x\n");
  EXPECT_EQ(read.errors(), "");
  ASSERT_NE(read["b"].find("k"), nullptr);
  EXPECT_EQ(read["b"].find("k")->items()[1].text(), "2");
  EXPECT_EQ(read["b"].where(), (Position{0, 2, 4}));
  EXPECT_EQ(read["b"].find("k")->where(), (Position{0, 1, 12}));
}

TEST(Reader, RefusesAliasesWithoutAnchorAndInsideThemselves) {
  EXPECT_EQ(errors("a: *x\n"),
            "a.yaml:1:4: error: no anchor of this name; a text that begins with '*' must be "
            "quoted\n");
  EXPECT_EQ(errors("a: &x [ *x ]\n"),
            "a.yaml:1:9: error: a[0]: the alias stands inside the value that it stands for\n");
}

TEST(Reader, MergesMapsAfterTheWrittenKeys) {
  const Read read(
      "base: &base { a: 1, b: 2 }\nmore: &more { b: 3, c: 4 }\n"
      "x:\n  <<: [ *base, *more ]\n  a: 9\n");
  EXPECT_EQ(read.errors(), "");
  std::string all;
  for (const NodeEntry& entry : read["x"].entries()) all += entry.key + entry.value.text() + ' ';
  EXPECT_EQ(all, "a9 b2 c4 ");
}

TEST(Reader, MergesOnlyMapsAndOnlyOnceInAMap) {
  EXPECT_EQ(errors("a: { <<: x }\n"), "a.yaml:1:10: error: a: '<<' merges maps only\n");
  EXPECT_NE(errors("a: { <<: [ [] ] }\n"), "");
  EXPECT_NE(errors("a: { <<: }\n"), "");
  EXPECT_NE(errors("a: { <<: {}, <<: {} }\n"), "");
}

TEST(Reader, NestsAsDeepAsItsLimitAndNoDeeper) {
  const auto nested = [](std::size_t depth) { return repeated("[", depth) + repeated("]", depth); };
  EXPECT_EQ(errors(nested(64)), "");
  EXPECT_NE(errors(nested(65)).find("nested too deep"), std::string::npos);
  EXPECT_NE(errors(repeated("[", 5'000)).find("too many unclosed brackets"), std::string::npos);
  EXPECT_NE(errors("a: &x " + nested(40) + "\nb: " + repeated("[", 30) + "*x" + repeated("]", 30))
                .find("nested too deep"),
            std::string::npos);
}

TEST(Reader, TakesBracketsInBlocksForText) {
  const std::string many = repeated("[{", 5'000);
  for (const std::string before :
       {"", "---\n# a 'comment\n", "a: \"${X}\"\n", "a: { b: \"x: [\", c: 'it''s' }\n",
        "a: [ b,\n c: d ]\n", "a: *x\nb: don't [ do it\n", "{\"a\":\"]\"}: b\n",
        "a: |\n  b: |\n   'c\n", "a:\n- b: &x c\n  d: e\n"}) {
    for (const std::string header :
         {"key: |", "\"key\": >-", "key: &b |+ ", "- |", "- - key:  >\r"}) {
      const std::string text = before + header + "\n\n     " + many + "\n";
      EXPECT_EQ(errors(text).find("too many unclosed"), std::string::npos) << text.substr(0, 60);
    }
  }
}

TEST(Reader, TakesBracketsInQuotesForText) {
  const std::string many = repeated("[{", 5'000);
  for (const std::string before : {"a: ", "a:\n  - b: ", "a: [ b, ", "{ \"a\": "}) {
    for (const std::string quote : {"\"", "'"}) {
      const std::string open = before.find('[') != std::string::npos   ? " ]"
                               : before.find('{') != std::string::npos ? " }"
                                                                       : "";
      EXPECT_EQ(errors(before + quote + many + quote + open + "\n"), "") << before << quote;
      EXPECT_EQ(errors(before + quote + "it\\\\ " + many + "\n    " + many + quote + open + "\n"),
                "")
          << before << quote;
    }
  }
}

// To yaml-cpp that is a comment, and its quote opens nothing.
TEST(Reader, TakesNoBracketsForTextBehindAHashThatFollowsAQuote) {
  EXPECT_EQ(errors("a: [ \"b\"#, \"\n, c ]\n"), "");
  EXPECT_NE(errors("a: [ \"b\"#, \"\n" + repeated("[", 5'000)).find("too many unclosed"),
            std::string::npos);
  EXPECT_EQ(errors("a: \"b\"#: \"\nc: d\n"), "");
  EXPECT_NE(errors("a: \"b\"#: \"\nc: " + repeated("[", 5'000)).find("too many unclosed"),
            std::string::npos);
}

bool has_text(const Node& tree, std::string_view part) {
  const auto has = [part](const Node& node) { return has_text(node, part); };
  return tree.text().find(part) != std::string::npos ||
         std::any_of(tree.items().begin(), tree.items().end(), has) ||
         std::any_of(tree.entries().begin(), tree.entries().end(), [&](const NodeEntry& entry) {
           return entry.key.find(part) != std::string::npos || has(entry.value);
         });
}

// Whatever may look like the beginning of a block: where many brackets pass, they are text.
TEST(Reader, TakesNoOtherBracketsForText) {
  const std::string many = repeated("[", 5'000);
  const std::vector<std::string> pieces = {
      "a",  "key",   ": ",  ":",  "- ",   "-",      "? ",         "|",       ">",
      "|-", "|2",    "\n",  "\n", "\n  ", "\n    ", " ",          "\t",      "\"",
      "'",  "\\",    "[",   "]",  "{",    "}",      ", ",         ",",       "# ",
      "#",  "\"\"#", "&x ", "*x", "!t ",  "---\n",  "key: |\n  ", "key: |\n"};
  std::uint32_t random = 1;
  const auto pick = [&](std::size_t most) {
    random = random * 1'664'525 + 1'013'904'223;
    return static_cast<std::size_t>(random >> 8) % most;
  };
  std::size_t texts = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (std::size_t n = pick(14); n > 0; --n) text += pieces[pick(pieces.size())];
    const std::size_t at = text.size();
    text += many;
    for (std::size_t n = pick(4); n > 0; --n) text += pieces[pick(pieces.size())];
    Sources sources;
    Diagnostics diagnostics;
    if (!check_source(sources, sources.add("a.yaml", text), {}, diagnostics)) continue;
    text.replace(at, many.size(), "[MARK]");
    const Read read(text);
    if (!read.tree || !read.errors().empty()) continue;
    ++texts;
    EXPECT_TRUE(has_text(*read.tree, "[MARK]")) << text;
  }
  EXPECT_GT(texts, 100u);
}

TEST(Reader, SurvivesAnyNesting) {
  for (const char* opener :
       {"[", "{a: ", "- ", "? ", "- ? ", "[a: ", "{? ", "a: [", "&a [", "!a ["}) {
    for (const std::size_t times : {400, 600, 100'000}) {
      EXPECT_NE(errors(repeated(opener, times)), "") << opener << times;
    }
  }
  std::string indented;
  for (std::size_t i = 0; i < 1000; ++i) indented += std::string(i, ' ') + "a:\n";
  EXPECT_NE(errors(indented).find("nested too deep"), std::string::npos);
}

TEST(Reader, CountsAliases) {
  const auto with = [](std::size_t count) {
    return "a: &x 1\nb: [" + repeated("*x, ", count) + "]";
  };
  EXPECT_EQ(errors(with(1000)), "");
  EXPECT_NE(errors(with(1001)).find("more than 1000 aliases"), std::string::npos);
}

TEST(Reader, CountsWhatAliasesStandFor) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string last = "*a" + std::to_string(i - 1) + ", ";
    bomb +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(last, 10) + "]\n";
  }
  EXPECT_NE(errors(bomb).find("too many values, aliases counted"), std::string::npos);
  const std::string text = "a: &x " + std::string(1 << 20, 'x') + "\nb: [" + repeated("*x, ", 100);
  EXPECT_NE(errors(text + "]").find("too much text, aliases counted"), std::string::npos);
}

TEST(Reader, CountsAnchorsWithinAnchors) {
  std::string text = "a: ";
  for (int i = 0; i < 60; ++i) text += "[&a" + std::to_string(i) + " ";
  text += "[" + repeated("x, ", 50'000) + "]" + repeated("]", 60);
  EXPECT_NE(errors(text).find("too many values"), std::string::npos);
}

TEST(Reader, LimitsBytesTextsAndValues) {
  Limits limits;
  limits.bytes = 1 << 20;
  EXPECT_EQ(errors("#" + std::string((1 << 20) - 1, 'x'), limits), "");
  EXPECT_EQ(errors("#" + std::string(1 << 20, 'x'), limits),
            "a.yaml: error: larger than 1 MiB, the most a configuration file may have\n");
  EXPECT_EQ(errors("a: " + std::string(1 << 20, 'x')), "");
  EXPECT_NE(errors("a: " + std::string((1 << 20) + 1, 'x')).find("more than 1024 KiB"),
            std::string::npos);
  EXPECT_NE(errors("[" + repeated("[],", 1'400'000) + "]").find("too many values"),
            std::string::npos);
}

TEST(Reader, SaysAtWhichPlaceYamlTripped) {
  EXPECT_EQ(errors("a: { x: ${A} }\n"),
            "a.yaml:1:10: error: '${…}' inside '{ }' or '[ ]' must be quoted: \"${…}\"\n");
  EXPECT_EQ(errors("a: [ ${A} ]\n"),
            "a.yaml:1:7: error: '${…}' inside '{ }' or '[ ]' must be quoted: \"${…}\"\n");
  EXPECT_EQ(errors("a: %x%\n"),
            "a.yaml:1:4: error: a value cannot begin with '%' unless it is quoted\n");
  EXPECT_EQ(errors("a: @x\n"),
            "a.yaml:1:4: error: a value cannot begin with '@' unless it is quoted\n");
  EXPECT_EQ(errors("a: `x`\n"),
            "a.yaml:1:4: error: a value cannot begin with '`' unless it is quoted\n");
  EXPECT_EQ(errors("a: * \n"),
            "a.yaml:1:5: error: a value cannot begin with '*' unless it is quoted\n");
  EXPECT_EQ(errors("a: & b\n"),
            "a.yaml:1:5: error: a value cannot begin with '&' unless it is quoted\n");
  EXPECT_EQ(errors("a: [::]:80\n"),
            "a.yaml:1:8: error: a value cannot begin with '[' unless it is quoted\n");
  EXPECT_EQ(errors("a: {x}y\n"),
            "a.yaml:1:7: error: a value cannot begin with '{' unless it is quoted\n");
  EXPECT_EQ(errors("a: b: c\n"), "a.yaml:1:5: error: a text with ': ' in it must be quoted\n");
  EXPECT_EQ(errors("a\nb: c\n"),
            "a.yaml:2:2: error: no key can stand here; is a ':' missing above, or the indentation "
            "wrong?\n");
  EXPECT_EQ(errors("a: [ b\nc: d\n"),
            "a.yaml:2:2: error: expected ',' or ']' here; the bracket was opened on line 1, column "
            "4\n");
}

TEST(LoadFile, AddsTheFileUnderItsPath) {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("weir_reader." + std::to_string(::getpid()) + ".yaml");
  std::ofstream(path) << "a: 1\n";
  Sources sources;
  const auto source = load_file(path, sources, Pipes::Refused);
  std::filesystem::remove(path);
  ASSERT_TRUE(source);
  EXPECT_EQ(sources.name(*source), path);
  EXPECT_EQ(sources.text(*source), "a: 1\n");
}

TEST(LoadFile, SaysWhyThereIsNone) {
  Sources sources;
  const auto gone = load_file("/nonexistent/a.yaml", sources, Pipes::Refused);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message, "cannot open /nonexistent/a.yaml: No such file or directory");
  EXPECT_FALSE(load_file("/", sources, Pipes::Refused));
  EXPECT_EQ(sources.size(), 0u);
}

TEST(LoadFile, StopsReadingBeyondTheLimit) {
  Sources sources;
  Limits limits;
  limits.bytes = 100'000;
  const auto source = load_file("/dev/zero", sources, Pipes::Awaited, limits);
  ASSERT_TRUE(source);
  Diagnostics diagnostics;
  EXPECT_FALSE(read_yaml(sources, *source, diagnostics, limits));
}

}  // namespace
}  // namespace weir::config
