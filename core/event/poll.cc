#include "core/event/poll.h"

#include <poll.h>
#include <uv.h>

namespace weir::event {

static_assert(unsigned{kReadable} == unsigned{UV_READABLE} &&
              unsigned{kWritable} == unsigned{UV_WRITABLE} &&
              unsigned{kHangup} == unsigned{UV_DISCONNECT} &&
              unsigned{kError} == unsigned{UV_PRIORITIZED});

// Lives until libuv lets go of the handle; without an owner from the destruction of the Poll on.
struct Poll::Box {
  uv_poll_t handle;
  Loop* loop;
  Owner* owner;
  int descriptor;
  unsigned wanted;

  static void on_ready(uv_poll_t* handle, int status, int ready);
};

namespace {

bool is_broken(int descriptor) {
  pollfd state{descriptor, 0, 0};
  return poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace

void Poll::Box::on_ready(uv_poll_t* handle, int status, int ready) {
  Box& box = *static_cast<Box*>(handle->data);
  if (box.owner == nullptr) return;
  Loop& loop = *box.loop;
  auto events = static_cast<unsigned>(ready);
  if (status < 0) {
    events = box.wanted | kError;
  } else if ((events & kError) != 0 && !is_broken(box.descriptor)) {
    // The system's word for errors alone also means urgent data, which nobody here wants to hear
    // of again.
    box.wanted &= ~unsigned{kError};
    if (box.wanted != 0) uv_poll_start(&box.handle, static_cast<int>(box.wanted), on_ready);
    events &= ~unsigned{kError};
  }
  if ((events & kError) != 0 || box.wanted == 0) {
    box.wanted = 0;
    uv_poll_stop(&box.handle);
  }
  if (events == 0) return;
  loop.begin_turn();
  box.owner->on_events(events);
  loop.end_turn();
}

Poll::Poll(Loop& loop, int descriptor, Owner& owner)
    : box_(new Box{{}, &loop, &owner, descriptor, 0}) {
  WEIR_CHECK(uv_poll_init(loop.raw(), &box_->handle, descriptor) == 0);
  box_->handle.data = box_;
}

Poll::~Poll() {
  box_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&box_->handle),
           [](uv_handle_t* handle) { delete static_cast<Box*>(handle->data); });
}

unsigned Poll::wanted() const {
  return box_->wanted;
}

void Poll::want(unsigned events) {
  if (events == box_->wanted) return;
  box_->wanted = events;
  if (events == 0) {
    uv_poll_stop(&box_->handle);
  } else {
    uv_poll_start(&box_->handle, static_cast<int>(events), Box::on_ready);
  }
}

}  // namespace weir::event
