#include "core/filter/stream_pool.h"

#include "core/filter/stream.h"

namespace weir::filter {

// A stream that is one too many still has frames of its own below it on the stack.
struct StreamPool::Retired final : event::Deferred {
  explicit Retired(Stream& s) : stream(s) {}
  ~Retired() override { destroy(stream); }
  Stream& stream;
};

void StreamPool::destroy(Stream& stream) {
  MemoryAccount& memory = stream.reactor().memory();
  delete &stream;
  memory.give_back(sizeof(Stream));
}

StreamPool::~StreamPool() {
  WEIR_ASSERT(live_ == 0);
  for (Stream* stream : free_) destroy(*stream);
}

Stream& StreamPool::take() {
  ++live_;
  if (free_.empty()) {
    reactor_.memory().take(sizeof(Stream));
    return *new Stream(reactor_, *this);
  }
  Stream* stream = free_.back();
  free_.pop_back();
  return *stream;
}

void StreamPool::keep(std::size_t streams) {
  max_free_ = streams;
  while (free_.size() > max_free_) {
    destroy(*free_.back());
    free_.pop_back();
  }
}

void StreamPool::give_back(Stream& stream) {
  --live_;
  if (free_.size() < max_free_) {
    free_.push_back(&stream);
  } else {
    reactor_.loop().retire(std::make_unique<Retired>(stream));
  }
}

}  // namespace weir::filter
