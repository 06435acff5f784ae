#include "core/event/poll_set.h"

#include <cerrno>

#include <sys/epoll.h>
#include <unistd.h>

namespace weir::event {
namespace {

constexpr int kBatch = 256;
constexpr int kTurn = 16;                        // owners that one turn calls at most
constexpr std::uint64_t kIncluded = UINT64_MAX;  // no id of a Poll

std::uint64_t pack(SlotId id) {
  return std::uint64_t{id.generation} << 32 | id.slot;
}

SlotId unpack(std::uint64_t data) {
  return {static_cast<std::uint32_t>(data), static_cast<std::uint32_t>(data >> 32)};
}

std::uint8_t from_system(std::uint32_t events) {
  unsigned ready = 0;
  if ((events & EPOLLIN) != 0) ready |= kReadable;
  if ((events & EPOLLOUT) != 0) ready |= kWritable;
  if ((events & EPOLLRDHUP) != 0) ready |= kReadable | kHangup;
  // Both directions are over: whatever is tried next says how.
  if ((events & EPOLLHUP) != 0) ready |= kReadable | kWritable | kHangup;
  if ((events & EPOLLERR) != 0) ready |= kReadable | kWritable | kHangup | kError;
  return static_cast<std::uint8_t>(ready);
}

}  // namespace

PollSet::PollSet(Loop& loop) : loop_(loop), descriptor_(epoll_create1(EPOLL_CLOEXEC)) {
  WEIR_CHECK(descriptor_ >= 0);
}

PollSet::~PollSet() {
  WEIR_CHECK(slots_.size() == 0);
  close(descriptor_);
}

void PollSet::remove(Poll& poll) {
  slots_.remove(poll.id_);
  if (poll.registered_ == 0) return;
  epoll_ctl(descriptor_, EPOLL_CTL_DEL, poll.descriptor_, nullptr);
}

void PollSet::ask(Poll& poll, unsigned events) {
  epoll_event asked{};
  asked.events = EPOLLET | EPOLLRDHUP;
  if ((events & kReadable) != 0) asked.events |= EPOLLIN;
  if ((events & kWritable) != 0) asked.events |= EPOLLOUT;
  asked.data.u64 = pack(poll.id_);
  const int operation = poll.registered_ == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  const int result = epoll_ctl(descriptor_, operation, poll.descriptor_, &asked);
  poll.registered_ = static_cast<std::uint8_t>(events | kHangup | kError);
  if (result == 0) return;
  // Out of memory or of watches: the owner learns it as an error of its descriptor.
  poll.ready_ = from_system(EPOLLERR);
}

void PollSet::include(int descriptor) {
  epoll_event asked{};
  asked.events = EPOLLIN;
  asked.data.u64 = kIncluded;
  WEIR_CHECK(epoll_ctl(descriptor_, EPOLL_CTL_ADD, descriptor, &asked) == 0);
}

bool PollSet::collect(int timeout_ms) {
  epoll_event events[kBatch];
  bool included = false;
  // Each is told once; who becomes ready meanwhile may be told in the next round.
  for (std::size_t told = 0; told <= slots_.size(); timeout_ms = 0) {
    const int count = epoll_wait(descriptor_, events, kBatch, timeout_ms);
    // A process that was stopped is told this, though there may be something.
    if (count < 0 && errno == EINTR) continue;
    for (int i = 0; i < count; ++i) {
      if (events[i].data.u64 == kIncluded) {
        included = true;
      } else if (Poll* const poll = slots_.find(unpack(events[i].data.u64))) {
        poll->ready_ |= from_system(events[i].events);
        poll->update_due();
      }
    }
    if (count < kBatch) break;
    told += kBatch;
  }
  return included;
}

void PollSet::dispatch() {
  int called = 0;
  List<Poll> now;
  while (Poll* poll = due_.pop_front()) now.push_back(*poll);
  while (Poll* poll = now.pop_front()) {
    const unsigned events = poll->due();
    if ((events & kError) != 0) {
      const unsigned all = poll->wanted_ | kError;
      poll->wanted_ = 0;
      loop_.begin_turn();
      poll->owner_.on_events(all);
    } else {
      due_.push_back(*poll);  // until it says that it used that up
      loop_.begin_turn();
      poll->owner_.on_events(events);
    }
    if (++called % kTurn == 0) loop_.end_turn();
  }
  if (called % kTurn != 0) loop_.end_turn();
}

}  // namespace weir::event
