#include "config/diagnostics.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace weir::config {
namespace {

TEST(Diagnostics, CountBySeverity) {
  Diagnostics diagnostics;
  diagnostics.note({}, "", "n");
  EXPECT_TRUE(diagnostics.ok());
  diagnostics.warning({}, "", "w");
  EXPECT_TRUE(diagnostics.ok());
  diagnostics.error({}, "", "e");
  EXPECT_FALSE(diagnostics.ok());
  EXPECT_EQ(diagnostics.errors(), 1u);
  EXPECT_EQ(diagnostics.warnings(), 1u);
}

TEST(Diagnostics, AreSortedByPositionAndKeepTheirOrderWithinOne) {
  Diagnostics diagnostics;
  diagnostics.error({0, 2, 1}, "", "third");
  diagnostics.error({0, 1, 5}, "", "second");
  diagnostics.error({0, 1, 2}, "", "first");
  diagnostics.error({0, 2, 1}, "", "fourth");
  diagnostics.error({}, "", "last");
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) order += diagnostic.message + ' ';
  EXPECT_EQ(order, "first second third fourth last ");
}

TEST(Diagnostics, AreShortAndKeepTheirEnd) {
  Diagnostics diagnostics;
  const std::string text(1 << 20, 'x');
  diagnostics.error({0, 1, 1}, "flags." + text, "cannot open " + text + ": name another file");
  const Diagnostic told = diagnostics.sorted().front();
  EXPECT_LT(told.path.size(), 200u);
  EXPECT_LT(told.message.size(), 1100u);
  EXPECT_TRUE(told.message.ends_with("x: name another file"));
  EXPECT_TRUE(diagnostics.is_unread("flags." + text));
  EXPECT_TRUE(diagnostics.has_below(Severity::Error, "flags." + text));
}

TEST(Diagnostics, SayTheSameOnlyOnce) {
  Diagnostics diagnostics;
  diagnostics.error({0, 1, 1}, "a", "x");
  diagnostics.error({0, 1, 1}, "b", "x");
  diagnostics.error({0, 1, 1}, "a", "x");
  EXPECT_EQ(diagnostics.sorted().size(), 2u);
}

TEST(Diagnostics, KeepNoMoreThanTheirLimit) {
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i < Diagnostics::kMaxKept + 5; ++i) {
    diagnostics.error({0, i + 1, 1}, "", "x");
  }
  EXPECT_EQ(diagnostics.errors(), Diagnostics::kMaxKept + 5);
  EXPECT_EQ(diagnostics.dropped(), 5u);
  EXPECT_EQ(diagnostics.sorted().size(), Diagnostics::kMaxKept);
  EXPECT_TRUE(to_text(diagnostics, Sources()).ends_with("and 5 more\n"));
}

class Printing : public ::testing::Test {
 protected:
  std::string print(Diagnostic diagnostic, TextStyle style = {}) {
    Diagnostics diagnostics;
    diagnostics.add(std::move(diagnostic));
    return to_text(diagnostics, sources_, style);
  }

  Sources sources_;
  std::uint32_t source_ = sources_.add("a.yaml", "one: 1\n\ttwo: ä b\n" + std::string(400, 'x'));
};

TEST_F(Printing, IsFileLineColumnSeverityPathMessage) {
  EXPECT_EQ(print({Severity::Error, {source_, 1, 6}, "one", "bad"}),
            "a.yaml:1:6: error: one: bad\n");
  EXPECT_EQ(print({Severity::Warning, {source_, 1, 6}, "", "bad"}), "a.yaml:1:6: warning: bad\n");
}

TEST_F(Printing, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(print({Severity::Error, {source_}, "", "bad"}), "a.yaml: error: bad\n");
  EXPECT_EQ(print({Severity::Note, {}, "one", "bad"}), "note: one: bad\n");
}

TEST_F(Printing, ShowsTheLineWithACaretBelowTheCharacter) {
  const TextStyle style{.source_lines = true, .colour = false};
  EXPECT_EQ(print({Severity::Error, {source_, 1, 6}, "", "bad"}, style),
            "a.yaml:1:6: error: bad\n  one: 1\n       ^\n");
  EXPECT_EQ(print({Severity::Error, {source_, 2, 10}, "", "bad"}, style),
            "a.yaml:2:10: error: bad\n  \ttwo: ä b\n  \t       ^\n");
}

TEST_F(Printing, ShowsABlankForWhatNobodySees) {
  const std::uint32_t source = sources_.add("b.yaml", "a\u202e: \"\x1b\" b\n");
  EXPECT_EQ(print({Severity::Error, {source, 1, 11}, "", "bad"}, {.source_lines = true}),
            "b.yaml:1:11: error: bad\n  a : \" \" b\n          ^\n");
}

TEST_F(Printing, ShowsOnlyAPartOfALongLine) {
  const TextStyle style{.source_lines = true, .colour = false};
  const std::string text = print({Severity::Error, {source_, 3, 300}, "", "bad"}, style);
  EXPECT_LT(text.size(), 350u);
  EXPECT_NE(text.find('^'), std::string::npos);
}

TEST_F(Printing, ShowsNoLineBeyondTheText) {
  const TextStyle style{.source_lines = true, .colour = false};
  EXPECT_EQ(print({Severity::Error, {source_, 1, 99}, "", "bad"}, style),
            "a.yaml:1:99: error: bad\n");
}

TEST_F(Printing, ColoursOnlyWhenAsked) {
  const Diagnostic diagnostic{Severity::Error, {source_, 1, 6}, "one", "bad"};
  EXPECT_EQ(print(diagnostic).find('\x1b'), std::string::npos);
  EXPECT_EQ(print(diagnostic, {.source_lines = false, .colour = true}),
            "\x1b[1ma.yaml:1:6: \x1b[0m\x1b[1;31merror: \x1b[0mone: bad\n");
}

TEST_F(Printing, KeepsControlCharactersFromTheTerminal) {
  EXPECT_EQ(print({Severity::Error, {}, "a\x1b[2J", "b\n\x7f"}), "error: a\\x1b[2J: b\\n\\x7f\n");
  EXPECT_EQ(print({Severity::Error, {}, "", "'a\u202e\u009b'"}), "error: 'a\\u202e\\u009b'\n");
}

TEST_F(Printing, GivesTheSameAsJson) {
  Diagnostics diagnostics;
  diagnostics.error({source_, 1, 6}, "one", "bad \xff");
  diagnostics.warning({}, "", "odd");
  const auto json = nlohmann::json::parse(to_json(diagnostics, sources_));
  EXPECT_EQ(json["errors"], 1);
  EXPECT_EQ(json["warnings"], 1);
  EXPECT_EQ(json["dropped"], 0);
  ASSERT_EQ(json["problems"].size(), 2u);
  const auto& first = json["problems"][0];
  EXPECT_EQ(first["severity"], "error");
  EXPECT_EQ(first["file"], "a.yaml");
  EXPECT_EQ(first["line"], 1);
  EXPECT_EQ(first["column"], 6);
  EXPECT_EQ(first["path"], "one");
  EXPECT_EQ(first["message"], "bad \xEF\xBF\xBD");
  EXPECT_FALSE(json["problems"][1].contains("file"));
  EXPECT_FALSE(json["problems"][1].contains("path"));
}

TEST_F(Printing, NamesTheOtherLayersOfWhatIsWrongAsAWhole) {
  const std::uint32_t over = sources_.add("over.yaml", "");
  Diagnostics diagnostics;
  diagnostics.set_changed("one", {source_, 1, 1}, {over, 2, 3});
  diagnostics.set_changed("one", {source_, 1, 1}, {over, 7, 7});
  diagnostics.error({source_, 1, 6}, "one", "said before");
  const std::size_t before = diagnostics.kept();
  diagnostics.error({source_, 2, 6}, "one", "from below");
  diagnostics.error({over, 2, 5}, "one", "from above");
  diagnostics.error({over, 2, 6}, "one", "in place");
  diagnostics.set_overridden({over, 2, 6}, {source_, 1, 6});
  diagnostics.involve(before, "other");
  diagnostics.involve(before, "one");
  diagnostics.involve(before, "one");
  EXPECT_EQ(to_text(diagnostics, sources_),
            "a.yaml:1:6: error: one: said before\n"
            "a.yaml:2:6: error: one: from below (together with over.yaml:2:3)\n"
            "over.yaml:2:5: error: one: from above (together with a.yaml:1:1)\n"
            "over.yaml:2:6: error: one: in place (in place of a.yaml:1:6)\n");
  const auto json = nlohmann::json::parse(to_json(diagnostics, sources_));
  EXPECT_EQ(json["problems"][1]["together"],
            nlohmann::json::parse(R"([{"file": "over.yaml", "line": 2, "column": 3}])"));
}

TEST(Diagnostics, KnowWhatIsSaidOfAPathAndBelowIt) {
  Diagnostics diagnostics;
  diagnostics.note({0, 1, 1}, "routes.shop.api.match.host[0]", "not here");
  diagnostics.error({0, 2, 1}, "clusters", "expected a map");
  EXPECT_TRUE(diagnostics.has_below(Severity::Note, "routes.shop.api.match"));
  EXPECT_TRUE(diagnostics.has_below(Severity::Note, "routes.shop.api.match.host"));
  EXPECT_FALSE(diagnostics.has_below(Severity::Note, "routes.shop.ap"));
  EXPECT_FALSE(diagnostics.has_below(Severity::Error, "routes"));
  EXPECT_TRUE(diagnostics.is_unread("clusters"));
  EXPECT_FALSE(diagnostics.is_unread("routes"));
  diagnostics.set_misspelt("routes");
  EXPECT_TRUE(diagnostics.is_unread("routes"));
}

TEST(Diagnostics, KnowWhoDeletedWhat) {
  Diagnostics diagnostics;
  EXPECT_FALSE(diagnostics.deleted_at("clusters.web").known());
  diagnostics.set_deleted("clusters.web", {1, 3, 5});
  EXPECT_EQ(diagnostics.deleted_at("clusters.web"), (Position{1, 3, 5}));
}

}  // namespace
}  // namespace weir::config
