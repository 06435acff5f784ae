#pragma once

#include <memory>
#include <vector>

#include "core/event/reactor.h"

namespace weir::filter {

class Stream;

// The streams of one reactor, reused last in, first out.
class StreamPool final : public event::ReactorLocal {
 public:
  // Streams that are kept for reuse.
  static constexpr std::size_t kMaxFree = 4096;

  explicit StreamPool(event::Reactor& reactor) : reactor_(reactor) {}
  ~StreamPool() override;

  Stream& take();
  // The stream may be taken again from here on, or is gone.
  void give_back(Stream& stream);
  // How many are kept for reuse from here on; what is too much goes at once.
  void keep(std::size_t streams);
  std::size_t live() const { return live_; }

 private:
  struct Retired;

  static void destroy(Stream& stream);

  event::Reactor& reactor_;
  std::vector<Stream*> free_;
  std::size_t max_free_ = kMaxFree;
  std::size_t live_ = 0;
};

}  // namespace weir::filter
