#include "core/event/poll.h"

#include <uv.h>

namespace weir::event {

static_assert(unsigned{kReadable} == unsigned{UV_READABLE} &&
              unsigned{kWritable} == unsigned{UV_WRITABLE} &&
              unsigned{kHangup} == unsigned{UV_DISCONNECT});

// Lives until libuv lets go of the handle; without an owner from the destruction of the Poll on.
struct Poll::Box {
  uv_poll_t handle;
  Loop* loop;
  Owner* owner;
};

Poll::Poll(Loop& loop, int descriptor, Owner& owner) : box_(new Box{{}, &loop, &owner}) {
  WEIR_CHECK(uv_poll_init(loop.raw(), &box_->handle, descriptor) == 0);
  box_->handle.data = box_;
}

Poll::~Poll() {
  box_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&box_->handle),
           [](uv_handle_t* handle) { delete static_cast<Box*>(handle->data); });
}

void Poll::want(unsigned events) {
  if (events == wanted_) return;
  wanted_ = events;
  if (events == 0) {
    uv_poll_stop(&box_->handle);
    return;
  }
  uv_poll_start(&box_->handle, static_cast<int>(events), [](uv_poll_t* handle, int status, int ready) {
    Box& box = *static_cast<Box*>(handle->data);
    if (box.owner == nullptr) return;
    Loop& loop = *box.loop;
    loop.begin_turn();
    // libuv stops the watching after an error; the owner learns of it by reading or writing.
    box.owner->on_events(status < 0 ? kReadable | kWritable | kHangup
                                    : static_cast<unsigned>(ready));
    loop.end_turn();
  });
}

}  // namespace weir::event
