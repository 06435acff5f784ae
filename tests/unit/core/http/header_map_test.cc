#include "core/http/header_map.h"

#include <string>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

std::string text_of(const HeaderMap& headers) {
  std::string text;
  for (const Header& header : headers.all()) {
    text.append(header.name()).append("=").append(header.value()).append(" ");
  }
  return text;
}

class HeaderMapTest : public testing::Test {
 protected:
  Arena arena_;
  HeaderMap headers_{arena_};
};

TEST_F(HeaderMapTest, KeepsTheOrderOfFields) {
  headers_.add("B", "1");
  headers_.add(HeaderId::Via, "2");
  headers_.add("b", "3");
  EXPECT_EQ(text_of(headers_), "b=1 via=2 b=3 ");
}

TEST_F(HeaderMapTest, CopiesWhatAddAndSetAreGiven) {
  std::string name = "X-Name";
  std::string value = "value";
  headers_.add(name, value);
  headers_.set("other", value);
  headers_.add(HeaderId::Via, value);
  name.assign("??????");
  value.assign("?????");
  EXPECT_EQ(text_of(headers_), "x-name=value other=value via=value ");
}

TEST_F(HeaderMapTest, FindsTheFirstOfRepeatedFields) {
  headers_.add("set-cookie", "a");
  headers_.add("set-cookie", "b");
  headers_.add("x", "c");
  EXPECT_EQ(headers_.get(HeaderId::SetCookie), "a");
  EXPECT_EQ(headers_.get("set-cookie"), "a");
  EXPECT_EQ(headers_.get("x"), "c");
  EXPECT_EQ(headers_.get("y"), std::nullopt);
  EXPECT_EQ(headers_.get(HeaderId::Via), std::nullopt);
}

TEST_F(HeaderMapTest, InternsNamesInAnyCase) {
  headers_.add("ConTent-TyPe", "a");
  EXPECT_TRUE(headers_.has(HeaderId::ContentType));
}

TEST_F(HeaderMapTest, SetTakesThePlaceOfAllFieldsOfThatName) {
  for (const char* name : {"a", "b", "a", "via", "a", "via"}) headers_.add(name, "1");
  headers_.set("A", "2");
  EXPECT_EQ(text_of(headers_), "a=2 b=1 via=1 via=1 ");
  headers_.set(HeaderId::Via, "3");
  EXPECT_EQ(text_of(headers_), "a=2 b=1 via=3 ");
}

TEST_F(HeaderMapTest, SetAddsWhatIsNotThere) {
  headers_.add("a", "1");
  headers_.set("b", "2");
  headers_.set_view(HeaderId::Via, "3");
  EXPECT_EQ(text_of(headers_), "a=1 b=2 via=3 ");
}

TEST_F(HeaderMapTest, RemovesByNameAndId) {
  for (const char* name : {"a", "via", "b", "a"}) headers_.add(name, "1");
  EXPECT_EQ(headers_.remove("a"), 2u);
  EXPECT_EQ(headers_.remove(HeaderId::Via), 1u);
  EXPECT_EQ(headers_.remove("via"), 0u);
  EXPECT_EQ(text_of(headers_), "b=1 ");
}

TEST_F(HeaderMapTest, GrowsPastItsFirstEntries) {
  for (int i = 0; i < 100; ++i) headers_.add("x-" + std::to_string(i), std::to_string(i));
  ASSERT_EQ(headers_.size(), 100u);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(headers_.get("x-" + std::to_string(i)), std::to_string(i));
  }
}

TEST_F(HeaderMapTest, MovesItsViewsAlong) {
  const std::string old_bytes = "name: value";
  const std::string new_bytes = "NAME: VALUE";
  headers_.add_view(HeaderId::Other, std::string_view(old_bytes).substr(0, 4),
                    std::string_view(old_bytes).substr(6));
  headers_.move_views(old_bytes.data(), new_bytes.data());
  EXPECT_EQ(text_of(headers_), "NAME=VALUE ");
}

TEST(HeaderId, FindsEveryKnownNameAndNoOther) {
  for (unsigned i = 1; i < static_cast<unsigned>(HeaderId::kCount); ++i) {
    const auto id = static_cast<HeaderId>(i);
    const std::string name(header_name(id));
    ASSERT_FALSE(name.empty());
    EXPECT_EQ(header_id(name), id) << name;
    EXPECT_EQ(header_id(name + "x"), HeaderId::Other) << name;
    EXPECT_NE(header_id(name.substr(1)), id) << name;
  }
  EXPECT_EQ(header_id(""), HeaderId::Other);
  EXPECT_EQ(header_id("Host"), HeaderId::Other);
}

TEST(HeaderId, IsOtherWhenAnyCharacterDiffers) {
  for (unsigned i = 1; i < static_cast<unsigned>(HeaderId::kCount); ++i) {
    const std::string name(header_name(static_cast<HeaderId>(i)));
    for (std::size_t place = 0; place < name.size(); ++place) {
      std::string other = name;
      other[place] = '~';
      EXPECT_EQ(header_id(other), HeaderId::Other) << other;
    }
  }
}

TEST(HeaderId, NamesStandInTheOrderOfTheirIds) {
  EXPECT_EQ(header_id("connection"), HeaderId::Connection);
  EXPECT_EQ(header_id("upgrade"), HeaderId::Upgrade);
  EXPECT_EQ(header_id("cookie"), HeaderId::Cookie);
  EXPECT_EQ(header_id("grpc-timeout"), HeaderId::GrpcTimeout);
  EXPECT_EQ(header_id("origin"), HeaderId::Origin);
  EXPECT_EQ(header_id("sec-websocket-version"), HeaderId::SecWebSocketVersion);
  EXPECT_EQ(header_id("user-agent"), HeaderId::UserAgent);
  EXPECT_EQ(header_id("x-weir-reason"), HeaderId::XWeirReason);
}

}  // namespace
}  // namespace weir::http
