#include "core/event/directory_watch.h"

#include <uv.h>

namespace weir::event {

struct DirectoryWatch::Box {
  uv_fs_event_t handle;
  Loop* loop;
  Owner* owner;
  DirectoryWatch* watch;  // null once it is gone
};

Result<std::unique_ptr<DirectoryWatch>> DirectoryWatch::start(Loop& loop, const std::string& path,
                                                              Owner& owner) {
  auto* box = new Box{{}, &loop, &owner, nullptr};
  WEIR_CHECK(uv_fs_event_init(loop.raw(), &box->handle) == 0);
  box->handle.data = box;
  std::unique_ptr<DirectoryWatch> watch(new DirectoryWatch(box));
  box->watch = watch.get();
  const int status = uv_fs_event_start(
      &box->handle,
      [](uv_fs_event_t* handle, const char* name, int, int) {
        Box& told = *static_cast<Box*>(handle->data);
        if (told.watch == nullptr) return;
        Loop& turning = *told.loop;
        turning.begin_turn();
        told.owner->on_entry_changed(*told.watch, name == nullptr ? "" : name);
        turning.end_turn();
      },
      path.c_str(), 0);
  if (status != 0) return system_error("cannot watch " + path, -status);
  return watch;
}

DirectoryWatch::~DirectoryWatch() {
  box_->watch = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&box_->handle),
           [](uv_handle_t* handle) { delete static_cast<Box*>(handle->data); });
}

}  // namespace weir::event
