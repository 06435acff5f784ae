#include "config/values.h"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

using namespace std::chrono_literals;

template <typename T>
std::string why(const Result<T>& result) {
  return result ? "no error" : result.error().message;
}

constexpr const char* kDurationUnits = "needs a unit: ms, s, m, h or d";

TEST(Duration, IsANumberAndAUnit) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("5s"), 5s);
  EXPECT_EQ(*parse_duration("2m"), 2min);
  EXPECT_EQ(*parse_duration("1h"), 1h);
  EXPECT_EQ(*parse_duration("7d"), 168h);
  EXPECT_EQ(*parse_duration("0s"), 0s);
}

TEST(Duration, MayHaveAFractionOfWholeMilliseconds) {
  EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(*parse_duration("0.001s"), 1ms);
  EXPECT_EQ(*parse_duration("1.50h"), 90min);
  EXPECT_EQ(why(parse_duration("0.0001s")), "is finer than one ms");
  EXPECT_EQ(why(parse_duration("0.5ms")), "is finer than one ms");
}

TEST(Duration, NeedsAUnitEvenWhenItIsZero) {
  EXPECT_EQ(why(parse_duration("5")), kDurationUnits);
  EXPECT_EQ(why(parse_duration("0")), kDurationUnits);
  EXPECT_EQ(why(parse_duration("1.5")), kDurationUnits);
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text :
       {"", "s", ".5s", "5.s", "1h30m", "1..5s", "+5s", "1e3s", "five", "1_000s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  for (const char* text : {"5sec", "5S", "5us", "5min"}) {
    EXPECT_EQ(why(parse_duration(text)), "has an unknown unit: use ms, s, m, h or d") << text;
  }
  EXPECT_EQ(why(parse_duration("-5s")), "is negative");
}

TEST(Duration, EndsAtTenYears) {
  EXPECT_EQ(*parse_duration("3650d"), 3650 * 24h);
  EXPECT_EQ(why(parse_duration("3651d")), "is out of range");
  EXPECT_EQ(why(parse_duration("18446744073709551615d")), "is out of range");
  EXPECT_EQ(why(parse_duration("99999999999999999999999d")), "is out of range");
  EXPECT_EQ(why(parse_duration("0.00000000000000000000001d")), "is out of range");
}

TEST(Values, AreWrittenWithoutSpaces) {
  EXPECT_EQ(why(parse_duration("5 s")), "has a space in it: write 5s");
  EXPECT_EQ(why(parse_duration("5s ")), "has a space in it: write 5s");
  EXPECT_EQ(why(parse_size("1.5\t MiB")), "has a space in it: write 1.5MiB");
  EXPECT_EQ(why(parse_rate("100 / s")), "has a space in it: write 100/s");
  EXPECT_EQ(why(parse_bandwidth("2 MB/s")), "has a space in it: write 2MB/s");
  EXPECT_EQ(why(parse_percent("5 %")), "has a space in it: write 5%");
  EXPECT_EQ(why(parse_duration("5 parsecs")), "has an unknown unit: use ms, s, m, h or d");
  for (const char* text : {"1 5s", "1h 30m", " ", "s 5"}) {
    EXPECT_EQ(why(parse_duration(text)).find("space"), std::string::npos) << text;
  }
}

TEST(Size, TakesBinaryAndDecimalUnits) {
  EXPECT_EQ(parse_size("64B")->bytes, 64u);
  EXPECT_EQ(parse_size("64KiB")->bytes, 65536u);
  EXPECT_EQ(parse_size("10MB")->bytes, 10'000'000u);
  EXPECT_EQ(parse_size("10kB")->bytes, 10'000u);
  EXPECT_EQ(parse_size("10KB")->bytes, 10'000u);
  EXPECT_EQ(parse_size("1.5MiB")->bytes, 1'572'864u);
  EXPECT_EQ(parse_size("2GiB")->bytes, 2ull << 30);
  EXPECT_EQ(parse_size("1TB")->bytes, 1'000'000'000'000u);
}

TEST(Size, RefusesBareNumbersOtherUnitsAndTooMuch) {
  EXPECT_EQ(why(parse_size("64")), "needs a unit: B, KiB, MiB, GiB, TiB, or kB, MB, GB, TB");
  EXPECT_FALSE(parse_size("64K"));
  EXPECT_FALSE(parse_size("64kib"));
  EXPECT_FALSE(parse_size("64 KiB"));
  EXPECT_EQ(why(parse_size("0.5B")), "is finer than one B");
  EXPECT_EQ(parse_size("4194304TiB")->bytes, 1ull << 62);
  EXPECT_EQ(why(parse_size("4194305TiB")), "is out of range");
  EXPECT_EQ(why(parse_size("-1B")), "is negative");
}

TEST(Rate, IsAWholeNumberInAPeriod) {
  EXPECT_EQ(*parse_rate("100/s"), (Rate{100, 1s}));
  EXPECT_EQ(*parse_rate("6000/min"), (Rate{6000, 1min}));
  EXPECT_EQ(*parse_rate("10/h"), (Rate{10, 1h}));
  EXPECT_EQ(*parse_rate("1/d"), (Rate{1, 24h}));
  EXPECT_DOUBLE_EQ(parse_rate("6000/min")->per_second(), 100);
}

TEST(Rate, RefusesBareNumbersFractionsAndZero) {
  EXPECT_EQ(why(parse_rate("100")), "needs a unit: /s, /min, /h or /d");
  EXPECT_EQ(why(parse_rate("100/m")), "has an unknown unit: use /s, /min, /h or /d");
  EXPECT_EQ(why(parse_rate("0/s")), "is out of range: a rate is at least 1");
  EXPECT_EQ(why(parse_rate("-1/s")), "is negative");
  EXPECT_EQ(why(parse_rate("99999999999999999999/s")), "is out of range");
  for (const char* text : {"", "/s", "1.5/s", "a/s", "100/", "100/s/s"}) {
    EXPECT_FALSE(parse_rate(text)) << text;
  }
}

TEST(Bandwidth, IsASizeEachSecond) {
  EXPECT_EQ(parse_bandwidth("2MB/s")->bytes_per_second, 2'000'000u);
  EXPECT_EQ(why(parse_bandwidth("2")), "needs a unit: a size each second, such as 2MB/s");
  EXPECT_FALSE(parse_bandwidth("2MB"));
  EXPECT_FALSE(parse_bandwidth("2MB/min"));
  EXPECT_FALSE(parse_bandwidth("16Mbit/s"));
  EXPECT_FALSE(parse_bandwidth("0B/s"));
  EXPECT_FALSE(parse_bandwidth("/s"));
}

TEST(PercentValue, IsBetweenZeroAndAHundred) {
  EXPECT_DOUBLE_EQ(parse_percent("5")->value, 5);
  EXPECT_DOUBLE_EQ(parse_percent("0.5")->value, 0.5);
  EXPECT_DOUBLE_EQ(parse_percent("100%")->value, 100);
  for (const char* text : {"", "%", "100.1", "-1", "5 %", "5%%", "half", "."}) {
    EXPECT_FALSE(parse_percent(text)) << text;
  }
}

TEST(Integer, RefusesWhatIsNotExactlyOne) {
  EXPECT_EQ(*parse_integer("-12"), -12);
  EXPECT_EQ(*parse_integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(why(parse_integer("9223372036854775808")), "is out of range");
  for (const char* text : {"", "-", "+1", "1.0", "0x10", "1 ", " 1", "1e3", "1_000", "--1"}) {
    EXPECT_EQ(why(parse_integer(text)), "is not a whole number") << text;
  }
}

TEST(Number, MayHaveASignAndAFraction) {
  EXPECT_DOUBLE_EQ(*parse_number("-1.25"), -1.25);
  EXPECT_DOUBLE_EQ(*parse_number("3"), 3);
  for (const char* text : {"", "-", ".5", "1e3", "nan", "inf", "1.", "0x1"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(Boolean, IsTrueFalseOnOrOff) {
  EXPECT_TRUE(*parse_boolean("true"));
  EXPECT_TRUE(*parse_boolean("on"));
  EXPECT_FALSE(*parse_boolean("false"));
  EXPECT_FALSE(*parse_boolean("off"));
  for (const char* text : {"", "yes", "no", "True", "ON", "y", "n", "1", "0"}) {
    EXPECT_FALSE(parse_boolean(text).has_value()) << text;
  }
}

TEST(Hex, HasTwoDigitsForEachByte) {
  EXPECT_EQ(*parse_hex("0aFF"), "\x0a\xff");
  EXPECT_EQ(*parse_hex(""), "");
  EXPECT_FALSE(parse_hex("0af"));
  EXPECT_FALSE(parse_hex("zz"));
}

TEST(Base64, IsStrict) {
  EXPECT_EQ(*parse_base64(""), "");
  EXPECT_EQ(*parse_base64("Zg=="), "f");
  EXPECT_EQ(*parse_base64("Zm8="), "fo");
  EXPECT_EQ(*parse_base64("Zm9v"), "foo");
  EXPECT_EQ(*parse_base64("Zm9vYmE="), "fooba");
  EXPECT_EQ(*parse_base64("////"), "\xff\xff\xff");
  for (const char* text :
       {"Zg", "Zg=", "Zh==", "Z===", "====", "Zm9", "Zm 9", "Zg==Zg==", "Zm-_"}) {
    EXPECT_FALSE(parse_base64(text)) << text;
  }
}

TEST(Show, GivesTheShortestNotationThatReadsBack) {
  EXPECT_EQ(show(1500ms), "1500ms");
  EXPECT_EQ(show(15s), "15s");
  EXPECT_EQ(show(90s), "90s");
  EXPECT_EQ(show(168h), "7d");
  EXPECT_EQ(show(0ms), "0ms");
  EXPECT_EQ(show(60_KiB), "60KiB");
  EXPECT_EQ(show(Size{1000}), "1kB");
  EXPECT_EQ(show(Size{1001}), "1001B");
  EXPECT_EQ(show(Size{0}), "0B");
  EXPECT_EQ(show(Rate{6000, 1min}), "6000/min");
  EXPECT_EQ(show(Bandwidth{2'000'000}), "2MB/s");
  EXPECT_EQ(show(Percent{0.5}), "0.5");
}

}  // namespace
}  // namespace weir::config
