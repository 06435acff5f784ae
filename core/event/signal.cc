#include "core/event/signal.h"

#include <csignal>

#include <uv.h>

namespace weir::event {

struct Signal::Box {
  uv_signal_t handle;
  Loop* loop;
  void* owner;
  Callback callback;
};

namespace {

void mask(int how, int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(how, &set, nullptr);
}

}  // namespace

void Signal::hold(int number) {
  mask(SIG_BLOCK, number);
}

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
  mask(SIG_UNBLOCK, number);
}

Signal::~Signal() {
  box_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&box_->handle),
           [](uv_handle_t* handle) { delete static_cast<Box*>(handle->data); });
}

}  // namespace weir::event
