#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

namespace weir::test {

// Where the decisions of a lifecycle run come from: bytes, as long as there are any, and then,
// with a seed, a random generator. Without a seed all further decisions are 0.
class Choices {
 public:
  explicit Choices(std::uint64_t seed) : random_(seed), seeded_(true) {}
  explicit Choices(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  // 0 to `count` - 1.
  std::uint32_t below(std::uint32_t count) {
    if (!bytes_.empty()) {
      const std::uint32_t byte = bytes_.front();
      bytes_ = bytes_.subspan(1);
      return byte % count;
    }
    return seeded_ ? static_cast<std::uint32_t>(random_() % count) : 0;
  }
  bool one_in(std::uint32_t count) { return below(count) == count - 1; }
  bool exhausted() const { return !seeded_ && bytes_.empty(); }

 private:
  std::span<const std::uint8_t> bytes_;
  std::mt19937_64 random_;
  bool seeded_ = false;
};

struct LifecycleCounts {
  std::size_t exchanges = 0;
  std::size_t complete_responses = 0;  // that the upstream brought to their end
  std::size_t hooks = 0;
  std::size_t snapshots = 0;
};

// Clients, filters and an upstream that do what `choices` say, in any order, for up to `steps`
// steps, while Snapshots change. The process ends when a contract is broken, or when anything is
// left over at the end.
LifecycleCounts run_lifecycle(Choices& choices, std::size_t steps);

}  // namespace weir::test
