#include "core/event/loop.h"

#include <algorithm>
#include <climits>
#include <cstdio>
#include <ctime>

#include <uv.h>

#include "core/event/poll_set.h"

namespace weir::event {

// Never waits by itself: it is run when its descriptor is ready or it has work at once.
struct Loop::Libuv {
  uv_loop_t loop;
  uv_async_t posted;
};

std::uint64_t Loop::clock_us() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

std::int64_t Loop::wall_us() {
  const std::uint64_t at = turn_us();
  if (at >= wall_offset_until_us_) {
    timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    wall_offset_us_ = static_cast<std::int64_t>(wall.tv_sec) * 1'000'000 + wall.tv_nsec / 1'000 -
                      static_cast<std::int64_t>(clock_us());
    wall_offset_until_us_ = at + 1'000'000;
  }
  return static_cast<std::int64_t>(at) + wall_offset_us_;
}

Loop::Loop()
    : libuv_(std::make_unique<Libuv>()),
      polls_(std::make_unique<PollSet>(*this)),
      timers_(std::make_unique<TimerWheel>(clock_us() / 1'000)),
      now_us_(clock_us()) {
  WEIR_CHECK(uv_loop_init(&libuv_->loop) == 0);
  libuv_->posted.data = this;
  WEIR_CHECK(uv_async_init(&libuv_->loop, &libuv_->posted, [](uv_async_t* handle) {
               static_cast<Loop*>(handle->data)->run_posted();
             }) == 0);
  polls_->include(uv_backend_fd(&libuv_->loop));
}

Loop::~Loop() {
  uv_close(reinterpret_cast<uv_handle_t*>(&libuv_->posted), nullptr);
  while (uv_run(&libuv_->loop, UV_RUN_NOWAIT) != 0 && uv_loop_alive(&libuv_->loop) != 0) {
  }
  if (uv_loop_close(&libuv_->loop) == 0) return;
  uv_walk(
      &libuv_->loop,
      [](uv_handle_t* handle, void*) {
        std::fprintf(stderr, "handle left open: %s\n", uv_handle_type_name(handle->type));
      },
      nullptr);
  constexpr bool kEveryHandleIsClosed = false;
  WEIR_CHECK(kEveryHandleIsClosed);
}

uv_loop_s* Loop::raw() {
  return &libuv_->loop;
}

void Loop::run() {
  stopped_ = false;
  now_us_ = clock_us();
  while (!stopped_) run_once(true);
  run_posted();
  run_once();
}

void Loop::run_once(bool wait) {
  const int wait_ms = wait ? longest_wait_ms() : 0;
  const bool woken = polls_->collect(wait_ms);
  const std::uint64_t now = clock_us();
  if (wait_ms == 0) end_round(now);
  now_us_ = now;
  work(woken);
  // The process may have stood still since that look: whatever came before a deadline comes first.
  if (timers_->next_due() <= this->now()) work(polls_->collect(0));
  judge_deadlines();
}

void Loop::work(bool woken) {
  if (woken || uv_backend_timeout(&libuv_->loop) == 0) uv_run(&libuv_->loop, UV_RUN_NOWAIT);
  polls_->dispatch();
}

// The clock is read here for other ends; a round after which the loop waits without a deadline is
// not measured.
void Loop::end_round(std::uint64_t at_us) {
  longest_round_us_ = std::max(longest_round_us_, at_us - now_us_);
}

int Loop::longest_wait_ms() {
  if (polls_->any_due()) return 0;
  const std::uint64_t due = timers_->next_due();
  int wait = uv_backend_timeout(&libuv_->loop);
  if (due == TimerWheel::kIdle) return wait;
  const std::uint64_t now_us = clock_us();
  end_round(now_us);
  const std::uint64_t now = now_us / 1'000;
  const int left = due <= now ? 0 : static_cast<int>(std::min<std::uint64_t>(due - now, INT_MAX));
  return wait < 0 ? left : std::min(wait, left);
}

void Loop::post_task(std::unique_ptr<AnyTask> task) {
  bool first;
  {
    std::lock_guard lock(posted_mutex_);
    first = posted_.empty();
    posted_.push_back(std::move(task));
  }
  if (first) uv_async_send(&libuv_->posted);
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

void Loop::end_turn() {
  for (;;) {
    TurnEnd* member = first_turn_ends_.pop_front();
    if (member == nullptr) member = turn_ends_.pop_front();
    if (member == nullptr) member = last_turn_ends_.pop_front();
    if (member != nullptr) {
      member->on_turn_end();
      continue;
    }
    if (retired_.empty()) return;
    std::vector<std::unique_ptr<Deferred>> objects;
    objects.swap(retired_);
    objects.clear();
  }
}

void Loop::judge_deadlines() {
  begin_turn();
  if (timers_->next_due() <= now()) timers_->advance(now());
  end_turn();
}

}  // namespace weir::event
