#include "core/server/kept_overrides.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace weir::server {
namespace {

using upstream::EndpointMode;

constexpr Clocks kNow{.loop_ms = 1'000, .wall_us = 50'000'000};

std::string text_of(const std::vector<Override>& overrides, const Clocks& now = kNow) {
  std::vector<const Override*> all;
  for (const Override& each : overrides) all.push_back(&each);
  return to_text(all, now);
}

std::string error_of(std::string_view entry) {
  const auto parsed = parse_overrides("{\"overrides\": [" + std::string(entry) + "]}", kNow);
  return parsed ? "" : parsed.error().message;
}

Override of_kind(Override::Kind kind, std::string cluster, std::string name) {
  Override made;
  made.kind = kind;
  made.cluster = std::move(cluster);
  made.name = std::move(name);
  return made;
}

std::vector<Override> one_of_each() {
  using Kind = Override::Kind;
  std::vector<Override> all = {of_kind(Kind::Flag, "", "a \"flag\""), of_kind(Kind::Flag, "", "b"),
                               of_kind(Kind::Mode, "api", "[::1]:80"),
                               of_kind(Kind::Weight, "api", "[::1]:80"),
                               of_kind(Kind::Log, "", "upstream")};
  all[0].on = true;
  all[0].why = "für später";
  all[0].set_us = 7;
  all[2].mode = EndpointMode::Down;
  all[2].until_ms = 4'000;
  all[3].weight = 65'535;
  all[4].level = LogLevel::Off;
  return all;
}

TEST(KeptOverrides, AreReadAsTheyWereWritten) {
  const auto parsed = parse_overrides(text_of(one_of_each()), kNow);
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_EQ(parsed->size(), 5u);
  EXPECT_EQ((*parsed)[0].name, "a \"flag\"");
  EXPECT_TRUE((*parsed)[0].on);
  EXPECT_EQ((*parsed)[0].why, "für später");
  EXPECT_EQ((*parsed)[0].set_us, 7);
  EXPECT_FALSE((*parsed)[1].on);
  EXPECT_EQ((*parsed)[2].mode, EndpointMode::Down);
  EXPECT_EQ((*parsed)[2].key(), "api/[::1]:80");
  EXPECT_EQ((*parsed)[3].weight, 65'535u);
  EXPECT_EQ((*parsed)[4].level, LogLevel::Off);
  EXPECT_EQ(text_of(*parsed), text_of(one_of_each()));
}

TEST(KeptOverrides, EndAtTheirTimeOfTheWallWhateverTheLoopSays) {
  const std::string text = text_of(one_of_each());
  const auto later = parse_overrides(text, {.loop_ms = 5, .wall_us = 52'000'000});
  ASSERT_TRUE(later);
  EXPECT_EQ((*later)[2].until_ms, 1'005u);
  const auto at_the_end = parse_overrides(text, {.loop_ms = 5, .wall_us = 53'000'000});
  ASSERT_TRUE(at_the_end);
  EXPECT_EQ(at_the_end->size(), 4u);
  const auto just_before = parse_overrides(text, {.loop_ms = 5, .wall_us = 52'999'999});
  ASSERT_TRUE(just_before);
  EXPECT_EQ((*just_before)[2].until_ms, 6u);
}

TEST(KeptOverrides, OfNobodyAreAListToo) {
  const auto parsed = parse_overrides(text_of({}), kNow);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->empty());
}

TEST(KeptOverrides, AreRefusedWhenTheyAreAnythingElse) {
  for (const char* text : {"", "[]", "{}", "null", "{\"overrides\": 1}", "{\"overrides\": [],}",
                           "{\"overrides\": [], \"more\": 1}"}) {
    EXPECT_FALSE(parse_overrides(text, kNow)) << text;
  }
  EXPECT_EQ(error_of("1"), "override 1: its kind is none of flag, mode, weight and log");
  EXPECT_EQ(error_of(R"({"kind": "flag", "name": "a", "value": "maybe", "set_us": 1})"),
            "override 1: 'maybe' is no value of it");
  EXPECT_EQ(error_of(R"({"kind": "flag", "value": "on", "set_us": 1})"),
            "override 1: it has no name");
  EXPECT_EQ(error_of(R"({"kind": "flag", "name": "a", "value": "on"})"),
            "override 1: set_us is no number");
  EXPECT_EQ(error_of(R"({"kind": "flag", "name": "a", "value": "on", "set_us": 1, "who": "me"})"),
            "override 1: there is no 'who'");
  EXPECT_EQ(error_of(R"({"kind": "mode", "name": "a", "value": "up", "set_us": 1})"),
            "override 1: an endpoint has a cluster");
  EXPECT_NE(error_of(R"({"kind": "flag", "cluster": "c", "name": "a", "value": "on",
                         "set_us": 1})"),
            "");
  for (const char* value : {"0", "65536", "-1", "1.5", "", "1 "}) {
    EXPECT_NE(
        error_of(R"({"kind": "weight", "cluster": "c", "name": "a", "set_us": 1, "value": ")" +
                 std::string(value) + "\"}"),
        "")
        << value;
  }
  EXPECT_EQ(error_of(R"({"kind": "log", "name": "nobody", "value": "info", "set_us": 1})"),
            "override 1: the log has no part 'nobody'");
  EXPECT_EQ(error_of(R"({"kind": "log", "name": "upstream", "value": "loud", "set_us": 1})"),
            "override 1: 'loud' is no value of it");
  const std::string until = R"({"kind": "flag", "name": "a", "value": "on", "set_us": 1,
                                "until_us": )";
  EXPECT_EQ(error_of(until + "315360050000000}"), "");
  EXPECT_EQ(error_of(until + "315360050000001}"), "override 1: it ends in more than 10 years");
  EXPECT_EQ(
      error_of(R"({"kind": "flag", "name": "a", "value": "on", "set_us": 18446744073709551615})"),
      "override 1: set_us is no number");
}

TEST(KeptOverrides, AreNoneWhenThereIsNoFileAndAnErrorWhenItIsBroken) {
  char folder[] = "/tmp/weir-kept-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const std::string path = std::string(folder) + "/state";
  const auto none = read_overrides(path, kNow);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
  std::ofstream(path) << "{";
  const auto broken = read_overrides(path, kNow);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message,
            path +
                ": it is no {\"overrides\": […]} in JSON: mend it, or remove it to start "
                "without what was set");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace weir::server
