#include "config/keyed_list.h"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

Node text(std::string word) {
  return Node::scalar({}, std::move(word));
}

// Items are texts and their own names; those that begin with `*` take all.
struct Fixture {
  Node list = Node::list({});
  KeyedList keyed;

  explicit Fixture(std::initializer_list<const char*> words)
      : list(of(words)),
        keyed(
            list, [](const Node& item) { return item.text(); },
            [](const Node& item) { return item.text().starts_with('*'); }) {}
  static Node of(std::initializer_list<const char*> words) {
    Node list = Node::list({});
    for (const char* word : words) list.items().push_back(text(word));
    return list;
  }
  std::string order() const {
    std::string all;
    for (const Node& item : list.items()) (all += item.is_null() ? "-" : item.text()) += ' ';
    return all;
  }
};

TEST(KeyedList, PutsNewItemsBeforeTheFirstThatTakesAll) {
  Fixture fixture({"a", "*rest", "b"});
  fixture.keyed.insert(fixture.keyed.last_place(), text("c"));
  fixture.keyed.insert(fixture.keyed.last_place(), text("*d"));
  fixture.keyed.insert(fixture.keyed.last_place(), text("e"));
  EXPECT_EQ(fixture.order(), "a c *d e *rest b ");
  fixture.keyed.erase(fixture.keyed.find("*rest"));
  fixture.keyed.insert(fixture.keyed.last_place(), text("f"));
  EXPECT_EQ(fixture.order(), "a c *d e - b f ");
}

TEST(KeyedList, KeepsTheOrderOfTheLowestLayer) {
  Fixture fixture({});
  for (const char* word : {"a", "*b", "c"}) {
    fixture.keyed.insert(fixture.keyed.last_place(), text(word));
  }
  EXPECT_EQ(fixture.order(), "a *b c ");
}

TEST(KeyedList, FindsItemsByNameAfterEveryChange) {
  Fixture fixture({"a", "b", "c", "d"});
  fixture.keyed.move(3, 0, false);
  EXPECT_EQ(fixture.order(), "d a b c ");
  fixture.keyed.move(0, 2, true);
  EXPECT_EQ(fixture.order(), "a b d c ");
  fixture.keyed.move(1, 1, true);
  EXPECT_EQ(fixture.keyed.find("d"), 2u);
  fixture.keyed.erase(2);
  EXPECT_EQ(fixture.keyed.find("d"), KeyedList::kNone);
  EXPECT_EQ(fixture.keyed.find("c"), 3u);
  EXPECT_EQ(fixture.keyed.find(""), KeyedList::kNone);
}

TEST(KeyedList, LosesItsEmptyPlacesAtTheEnd) {
  Node list = Fixture::of({"a", "b", "c", "d"});
  {
    KeyedList keyed(
        list, [](const Node& item) { return item.text(); }, [](const Node&) { return false; });
    keyed.erase(1);
    keyed.move(3, 1, false);
    keyed.erase(keyed.find("d"));
    keyed.insert(2, text("e"));
    EXPECT_EQ(list.items().size(), 5u);
  }
  ASSERT_EQ(list.items().size(), 3u);
  EXPECT_EQ(list.items()[0].text(), "a");
  EXPECT_EQ(list.items()[1].text(), "e");
  EXPECT_EQ(list.items()[2].text(), "c");
}

}  // namespace
}  // namespace weir::config
