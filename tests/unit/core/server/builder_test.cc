#include "core/server/builder.h"

#include <future>

#include <gtest/gtest.h>

namespace weir::server {
namespace {

using namespace std::chrono_literals;

// Loads when it is let.
class Gate final : public SnapshotSource {
 public:
  LoadedSnapshot load(std::uint64_t number) override {
    began_.set_value();
    open_.wait();
    LoadedSnapshot loaded;
    loaded.problems.push_back({std::to_string(number)});
    return loaded;
  }
  void open() { promise_.set_value(); }
  void wait_for_load() { began_.get_future().wait(); }

 private:
  std::promise<void> began_;
  std::promise<void> promise_;
  std::shared_future<void> open_ = promise_.get_future().share();
};

TEST(Builder, TellsWhatCameOfALoad) {
  Gate gate;
  gate.open();
  Builder builder(gate);
  std::promise<LoadedSnapshot> done;
  builder.load(7, [&](LoadedSnapshot loaded) { done.set_value(std::move(loaded)); });
  EXPECT_EQ(done.get_future().get().problems.at(0).text, "7");
  EXPECT_TRUE(builder.end(10s));
}

TEST(Builder, DoesNotWaitWithoutEndForALoadThatHangs) {
  Gate gate;
  Builder builder(gate);
  std::promise<void> done;
  builder.load(1, [&](LoadedSnapshot) { done.set_value(); });
  gate.wait_for_load();
  EXPECT_FALSE(builder.end(20ms));
  gate.open();
  done.get_future().wait();
  EXPECT_TRUE(builder.end(10s));
}

TEST(Builder, EndsAtOnceWithoutALoad) {
  Gate gate;
  Builder builder(gate);
  EXPECT_TRUE(builder.end(10s));
}

}  // namespace
}  // namespace weir::server
