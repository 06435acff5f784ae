#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/event/reactor.h"

namespace weir::event {

// The reactors of the process, the control thread's last: who may use generations, and where they
// are destroyed.
struct Reactors {
  std::vector<Reactor*> all;

  Reactor& control() const { return *all.back(); }
  unsigned workers() const { return static_cast<unsigned>(all.size()) - 1; }
};

// How often the reactors begin and end to use a generation: whether they must not disturb each
// other by it.
enum class Usage : std::uint8_t { Constant, Rare };

// Counts the uses of one immutable object by each reactor, without atomics. The control thread
// makes it and retires it; when every reactor has let go, it is destroyed on the control thread.
class AnyGeneration {
 public:
  AnyGeneration(const AnyGeneration&) = delete;
  AnyGeneration& operator=(const AnyGeneration&) = delete;

  // On the thread of `reactor`. A retired generation may still be used by who uses it already.
  void add_use(Reactor& reactor) { ++uses_of(reactor).count; }
  void drop_use(Reactor& reactor) {
    Uses& uses = uses_of(reactor);
    if (--uses.count == 0 && uses.retired) post_released();
  }

 protected:
  AnyGeneration(const Reactors& reactors, Usage usage)
      : reactors_(reactors),
        stride_(usage == Usage::Constant ? kCacheLine / sizeof(Uses) : 1),
        uses_(std::make_unique<Uses[]>(reactors.all.size() * stride_)) {}
  virtual ~AnyGeneration() = default;

  // Control thread, once. Destroys this in the end.
  void retire();

 private:
  struct Uses {
    std::uint32_t count = 0;
    bool retired = false;
  };
  static constexpr std::size_t kCacheLine = 64;

  Uses& uses_of(const Reactor& reactor) { return uses_[reactor.index() * stride_]; }
  void post_released();

  const Reactors& reactors_;
  const std::uint32_t stride_;
  std::uint32_t released_ = 0;
  const std::unique_ptr<Uses[]> uses_;
};

template <typename T>
class Generation final : public AnyGeneration {
 public:
  // Makes the first use of no reactor: publish it by posting to each.
  static Generation* make(const Reactors& reactors, std::unique_ptr<T> object,
                          Usage usage = Usage::Constant) {
    return new Generation(reactors, std::move(object), usage);
  }
  T& operator*() const { return *object_; }
  T* operator->() const { return object_.get(); }
  T* get() const { return object_.get(); }
  using AnyGeneration::retire;

 private:
  Generation(const Reactors& reactors, std::unique_ptr<T> object, Usage usage)
      : AnyGeneration(reactors, usage), object_(std::move(object)) {}
  ~Generation() override = default;

  std::unique_ptr<T> object_;
};

// One use of a generation of any type by one reactor.
class AnyUse {
 public:
  AnyUse() = default;
  AnyUse(AnyGeneration& generation, Reactor& reactor)
      : generation_(&generation), reactor_(&reactor) {
    generation_->add_use(*reactor_);
  }
  AnyUse(const AnyUse& other) : generation_(other.generation_), reactor_(other.reactor_) {
    if (generation_ != nullptr) generation_->add_use(*reactor_);
  }
  AnyUse(AnyUse&& other) noexcept
      : generation_(std::exchange(other.generation_, nullptr)), reactor_(other.reactor_) {}
  AnyUse& operator=(AnyUse other) noexcept {
    std::swap(generation_, other.generation_);
    std::swap(reactor_, other.reactor_);
    return *this;
  }
  ~AnyUse() {
    if (generation_ != nullptr) generation_->drop_use(*reactor_);
  }

  explicit operator bool() const { return generation_ != nullptr; }
  void reset() { *this = AnyUse(); }

 private:
  AnyGeneration* generation_ = nullptr;
  Reactor* reactor_ = nullptr;
};

// One use of a Generation<T> by one reactor.
template <typename T>
class Use {
 public:
  Use() = default;
  Use(Generation<T>& generation, Reactor& reactor)
      : use_(generation, reactor), object_(generation.get()) {}

  explicit operator bool() const { return object_ != nullptr; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  T* get() const { return object_; }
  const AnyUse& any() const { return use_; }
  void reset() { *this = Use(); }

 private:
  AnyUse use_;
  T* object_ = nullptr;
};

}  // namespace weir::event
