#pragma once

#include <atomic>
#include <memory>

namespace weir {

// An object that is made when it is first wanted, by whatever thread that is, and then stays.
template <typename T>
class Lazy {
 public:
  Lazy() = default;
  Lazy(const Lazy&) = delete;
  Lazy& operator=(const Lazy&) = delete;
  ~Lazy() { delete object_.load(std::memory_order_relaxed); }

  // Null while nobody wanted it.
  const T* get() const { return object_.load(std::memory_order_acquire); }
  T& make() {
    T* object = object_.load(std::memory_order_acquire);
    if (object != nullptr) return *object;
    auto made = std::make_unique<T>();
    if (object_.compare_exchange_strong(object, made.get())) object = made.release();
    return *object;
  }

 private:
  std::atomic<T*> object_{nullptr};
};

}  // namespace weir
