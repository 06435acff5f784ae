#include <ctime>
#include <string>

#include <gtest/gtest.h>

#include "core/http/chars.h"
#include "core/http/date.h"
#include "core/http/method.h"
#include "core/http/status.h"

namespace weir::http {
namespace {

TEST(Method, IsFoundByItsExactName) {
  for (unsigned i = 0; i < static_cast<unsigned>(Method::Other); ++i) {
    const auto method = static_cast<Method>(i);
    EXPECT_EQ(method_of(method_name(method)), method);
  }
  for (const char* name : {"", "get", "Get", "GE", "GETS", "PUST", "HEAP", "PATCHES", "CONNECX"}) {
    EXPECT_EQ(method_of(name), Method::Other) << name;
  }
}

TEST(Method, IsSafeOrIdempotentAsTheRfcSays) {
  EXPECT_TRUE(is_safe(Method::Get));
  EXPECT_TRUE(is_safe(Method::Trace));
  EXPECT_FALSE(is_safe(Method::Put));
  EXPECT_TRUE(is_idempotent(Method::Put));
  EXPECT_TRUE(is_idempotent(Method::Delete));
  for (Method method : {Method::Post, Method::Patch, Method::Connect, Method::Other}) {
    EXPECT_FALSE(is_idempotent(method));
  }
}

TEST(ReasonPhrase, KnowsRegisteredStatuses) {
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(421), "Misdirected Request");
  EXPECT_EQ(reason_phrase(599), "Unknown");
}

TEST(FormatDate, WritesAnImfFixdate) {
  DateText text;
  EXPECT_EQ(format_date(784111777, text), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_date(0, text), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(format_date(-1, text), "Wed, 31 Dec 1969 23:59:59 GMT");
  EXPECT_EQ(format_date(951782400, text), "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST(FormatDate, AgreesWithTheCalendarOfTheSystem) {
  for (std::int64_t seconds = -5'000'000'000; seconds < 100'000'000'000; seconds += 86'399'999) {
    const std::time_t time = seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    char expected[64];
    std::strftime(expected, sizeof expected, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    DateText text;
    ASSERT_EQ(format_date(seconds, text), expected);
  }
}

TEST(LowerCase, ChangesOnlyTheLettersItIsGiven) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (unsigned c = 0; c < 256; ++c) {
      const auto byte = static_cast<char>(c);
      std::string text = std::string(size, byte) + "ABCDEFGH";
      lower_case(text.data(), size);
      EXPECT_EQ(text, std::string(size, ascii_lower(byte)) + "ABCDEFGH") << c;
    }
  }
}

TEST(EqualsIgnoringCase, SeesEveryLetterThatDiffers) {
  for (std::size_t size = 1; size < 40; ++size) {
    const std::string lower(size, 'k');
    EXPECT_TRUE(equals_ignoring_case(std::string(size, 'K'), lower));
    EXPECT_FALSE(equals_ignoring_case(std::string(size + 1, 'k'), lower));
    for (std::size_t place = 0; place < size; ++place) {
      for (unsigned c = 0; c < 256; ++c) {
        std::string text = lower;
        text[place] = static_cast<char>(c);
        EXPECT_EQ(equals_ignoring_case(text, lower), c == 'k' || c == 'K') << c;
      }
    }
  }
}

TEST(FindValueEnd, StopsAtEveryControlCharacterWhereverItIs) {
  for (std::size_t place = 0; place < 40; ++place) {
    for (unsigned c = 0; c < 256; ++c) {
      std::string text(40, 'a');
      text[place] = static_cast<char>(c);
      const bool control = (c < 0x20 && c != '\t') || c == 0x7f;
      const char* const end = text.data() + text.size();
      EXPECT_EQ(find_value_end(text.data(), end), control ? text.data() + place : end) << c;
    }
  }
}

TEST(IsFieldValue, RefusesWhiteSpaceAtTheEnds) {
  EXPECT_TRUE(is_field_value(""));
  EXPECT_TRUE(is_field_value("a \t\x80 b"));
  for (const char* text : {" ", " a", "a ", "\ta", "a\t", "a\nb", "\x7f"}) {
    EXPECT_FALSE(is_field_value(text)) << text;
  }
}

}  // namespace
}  // namespace weir::http
