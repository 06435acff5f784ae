#include "core/base/escape.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

std::string escaped(std::string_view text, EscapeStyle style, std::size_t limit = 1000) {
  std::string to;
  append_escaped(to, text, style, limit);
  return to;
}

TEST(Escape, LeavesValidTextAlone) {
  constexpr std::string_view kText = "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80";
  EXPECT_EQ(escaped(kText, EscapeStyle::Text), kText);
  EXPECT_EQ(escaped(kText, EscapeStyle::Json), kText);
}

TEST(Escape, EscapesWhatCouldForgeALineOrReachATerminal) {
  constexpr std::string_view kText =
      "a\r\n\tb\x1b[2J\x7f\xc2\x9b"
      "2J\xe2\x80\xa8";
  EXPECT_EQ(escaped(kText, EscapeStyle::Text), "a\\r\\n\\tb\\x1b[2J\\x7f\\u009b2J\\u2028");
  EXPECT_EQ(escaped(kText, EscapeStyle::Json), "a\\r\\n\\tb\\u001b[2J\\u007f\\u009b2J\\u2028");
}

TEST(Escape, EscapesWhatNobodySeesAndWhatTurnsTheDirectionOfWriting) {
  constexpr std::string_view kText =
      "a\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
      "\u00ad\u200b\u2060\u2064\u3164";
  constexpr std::string_view kEscaped =
      "a\\u061c\\u200e\\u200f\\u202a\\u202b\\u202c\\u202d\\u202e"
      "\\u2066\\u2067\\u2068\\u2069\\ufeff\\u00ad\\u200b\\u2060\\u2064\\u3164";
  EXPECT_EQ(escaped(kText, EscapeStyle::Text), kEscaped);
  EXPECT_EQ(escaped(kText, EscapeStyle::Json), kEscaped);
  EXPECT_TRUE(needs_escapes("a\u202e", EscapeStyle::Text));
}

TEST(Escape, LeavesTheirNeighboursAlone) {
  // Joiners make one emoji of several, and letters of some scripts.
  constexpr std::string_view kText =
      "\u00a0\u00ac\u00ae\u061b\u061d\u200a\u200c\u200d\u2010\u2027\u202f\u205f\u2065\u206a\u3163"
      "\u3165\ufefe\uff00";
  EXPECT_EQ(escaped(kText, EscapeStyle::Text), kText);
}

TEST(Escape, EscapesBytesThatAreNoUtf8) {
  // A lone byte, a long form of '/', a surrogate, and a sequence that was cut off.
  constexpr std::string_view kText = "\x9b \xc0\xaf \xed\xa0\x80 \xe2\x82";
  EXPECT_EQ(escaped(kText, EscapeStyle::Text), "\\x9b \\xc0\\xaf \\xed\\xa0\\x80 \\xe2\\x82");
  EXPECT_EQ(escaped(kText, EscapeStyle::Json),
            "\\u009b \\u00c0\\u00af \\u00ed\\u00a0\\u0080 \\u00e2\\u0082");
}

TEST(Escape, EscapesQuotesAndBackslashesInJsonAlone) {
  EXPECT_EQ(escaped("\"a\\d\"", EscapeStyle::Text), "\"a\\d\"");
  EXPECT_EQ(escaped("\"a\\d\"", EscapeStyle::Json), "\\\"a\\\\d\\\"");
}

TEST(Escape, KeepsTheLinesOfWhatATerminalMayHave) {
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable("a\x1b[1m\n\n\u202eb\n"), "a\\x1b[1m\n\n\\u202eb\n");
}

TEST(Escape, CutsBetweenCharacters) {
  EXPECT_EQ(escaped("abcd", EscapeStyle::Text, 4), "abcd");
  EXPECT_EQ(escaped("abcde", EscapeStyle::Text, 4), "abcd...");
  EXPECT_EQ(escaped("abc\xc3\xa9", EscapeStyle::Text, 4), "abc...");
  EXPECT_EQ(escaped("ab\n", EscapeStyle::Json, 3), "ab...");
}

}  // namespace
}  // namespace weir
