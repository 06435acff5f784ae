#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace weir::net {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {
    if (number >= 0) open_count.fetch_add(1, std::memory_order_relaxed);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  int release() {
    if (number_ >= 0) open_count.fetch_sub(1, std::memory_order_relaxed);
    return std::exchange(number_, -1);
  }

  // How many are owned in the whole process. Any thread.
  static std::size_t open() { return open_count.load(std::memory_order_relaxed); }

 private:
  static inline std::atomic<std::size_t> open_count{0};

  int number_ = -1;
};

}  // namespace weir::net
