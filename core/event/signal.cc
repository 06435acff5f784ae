#include "core/event/signal.h"

#include <uv.h>

namespace weir::event {

struct Signal::Box {
  uv_signal_t handle;
  Loop* loop;
  void* owner;
  Callback callback;
};

Signal::Signal(Loop& loop, int number, void* owner, Callback callback)
    : box_(new Box{{}, &loop, owner, callback}) {
  WEIR_CHECK(uv_signal_init(loop.raw(), &box_->handle) == 0);
  box_->handle.data = box_;
  uv_signal_start(
      &box_->handle,
      [](uv_signal_t* handle, int) {
        Box& box = *static_cast<Box*>(handle->data);
        if (box.owner == nullptr) return;
        Loop& turning = *box.loop;
        turning.begin_turn();
        box.callback(box.owner);
        turning.end_turn();
      },
      number);
}

Signal::~Signal() {
  box_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&box_->handle),
           [](uv_handle_t* handle) { delete static_cast<Box*>(handle->data); });
}

}  // namespace weir::event
