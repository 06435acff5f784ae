#include "core/event/loop.h"

#include <cstdio>

#include <uv.h>

namespace weir::event {

// The handles by which the loop wakes itself. `idle` runs only to keep a poll from waiting when
// the timer went off before it: deadlines are judged behind the poll.
struct Loop::Wakeups {
  Loop* owner;
  uv_async_t posted;
  uv_timer_t timer;
  uv_check_t check;
  uv_idle_t idle;
};

void Loop::Close::operator()(uv_loop_s* loop) const {
  if (uv_loop_close(loop) != 0) {
    uv_walk(
        loop,
        [](uv_handle_t* handle, void*) {
          std::fprintf(stderr, "handle left open: %s\n", uv_handle_type_name(handle->type));
        },
        nullptr);
    constexpr bool kEveryHandleIsClosed = false;
    WEIR_CHECK(kEveryHandleIsClosed);
  }
  delete loop;
}

Loop::Loop() : loop_(new uv_loop_s), wakeups_(std::make_unique<Wakeups>()) {
  WEIR_CHECK(uv_loop_init(loop_.get()) == 0);
  wakeups_->owner = this;
  uv_async_init(loop_.get(), &wakeups_->posted, [](uv_async_t* handle) {
    static_cast<Wakeups*>(handle->data)->owner->run_posted();
  });
  uv_timer_init(loop_.get(), &wakeups_->timer);
  uv_check_init(loop_.get(), &wakeups_->check);
  uv_idle_init(loop_.get(), &wakeups_->idle);
  wakeups_->posted.data = wakeups_->timer.data = wakeups_->check.data = wakeups_->idle.data =
      wakeups_.get();
  uv_check_start(&wakeups_->check, [](uv_check_t* handle) {
    static_cast<Wakeups*>(handle->data)->owner->after_poll();
  });
  timers_ =
      std::make_unique<TimerWheel>(uv_now(loop_.get()), this, [](void* self, std::uint64_t at) {
        Loop& loop = *static_cast<Loop*>(self);
        const std::uint64_t now = uv_now(loop.loop_.get());
        loop.wake_due_ = at;
        uv_timer_start(
            &loop.wakeups_->timer,
            [](uv_timer_t* handle) {
              uv_idle_start(&static_cast<Wakeups*>(handle->data)->idle, [](uv_idle_t*) {});
            },
            at > now ? at - now : 0, 0);
      });
}

Loop::~Loop() {
  timers_.reset();
  for (uv_handle_t* handle : {reinterpret_cast<uv_handle_t*>(&wakeups_->posted),
                              reinterpret_cast<uv_handle_t*>(&wakeups_->timer),
                              reinterpret_cast<uv_handle_t*>(&wakeups_->check),
                              reinterpret_cast<uv_handle_t*>(&wakeups_->idle)}) {
    uv_close(handle, nullptr);
  }
  while (uv_run(loop_.get(), UV_RUN_NOWAIT) != 0 && uv_loop_alive(loop_.get()) != 0) {
  }
}

void Loop::run() {
  uv_run(loop_.get(), UV_RUN_DEFAULT);
  run_posted();
  uv_run(loop_.get(), UV_RUN_NOWAIT);
}

void Loop::stop() {
  uv_stop(loop_.get());
}

bool Loop::run_once(bool wait) {
  return uv_run(loop_.get(), wait ? UV_RUN_ONCE : UV_RUN_NOWAIT) != 0;
}

std::uint64_t Loop::now() const {
  return uv_now(loop_.get());
}

void Loop::post_task(std::unique_ptr<AnyTask> task) {
  bool first;
  {
    std::lock_guard lock(posted_mutex_);
    first = posted_.empty();
    posted_.push_back(std::move(task));
  }
  if (first) uv_async_send(&wakeups_->posted);
}

void Loop::run_posted() {
  std::vector<std::unique_ptr<AnyTask>> tasks;
  {
    std::lock_guard lock(posted_mutex_);
    tasks.swap(posted_);
  }
  begin_turn();
  for (const auto& task : tasks) task->run();
  tasks.clear();
  end_turn();
}

void Loop::begin_turn() {
  timers_->set_now(uv_now(loop_.get()));
}

void Loop::end_turn() {
  for (;;) {
    while (TurnEnd* member = turn_ends_.pop_front()) member->on_turn_end();
    if (retired_.empty()) return;
    std::vector<std::unique_ptr<Deferred>> objects;
    objects.swap(retired_);
    objects.clear();
  }
}

void Loop::after_poll() {
  uv_idle_stop(&wakeups_->idle);
  begin_turn();
  const std::uint64_t now = uv_now(loop_.get());
  if (now >= wake_due_ && wake_due_ != 0) {
    delay_ms_ += (static_cast<double>(now - wake_due_) - delay_ms_) / 8;
    wake_due_ = 0;
  }
  if (timers_->next_due() <= now) timers_->advance(now);
  end_turn();
}

}  // namespace weir::event
