#include "core/server/access_log_writer.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace weir::server {
namespace {

// Chunks that are kept for reuse.
constexpr std::size_t kMaxFree = 16;
// How long close() waits for a thread that hangs in the kernel.
constexpr std::chrono::milliseconds kGrace{500};

// Signals are for other threads; a pipe without a reader is an error of write().
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace

Result<std::shared_ptr<LogWriter>> LogWriter::start(LogTarget target, Settings settings) {
  const int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd < 0) return system_error("cannot start the writer of an access log", errno);
  std::shared_ptr<LogWriter> writer(new LogWriter(std::move(target), std::move(settings), wake_fd));
  // The lock makes the thread wait until thread_ is set.
  const std::lock_guard lock(writer->mutex_);
  try {
    writer->thread_ = std::thread([writer] { writer->run(); });
  } catch (const std::system_error& error) {
    return system_error("cannot start the writer of an access log", error.code().value());
  }
  return writer;
}

LogWriter::LogWriter(LogTarget target, Settings settings, int wake_fd)
    : settings_(std::move(settings)),
      wake_fd_(wake_fd),
      target_(std::move(target)),
      report_limit_(settings_.report_interval) {}

LogWriter::~LogWriter() {
  ::close(wake_fd_);
}

std::unique_ptr<LogChunk> LogWriter::hand_over(std::unique_ptr<LogChunk> chunk,
                                               std::uint64_t dropped, bool urgent) {
  std::unique_ptr<LogChunk> empty;
  bool was_empty;
  {
    const std::lock_guard lock(mutex_);
    settings_.totals->dropped += dropped;
    losing_ = losing_ || dropped > 0;
    if (chunk->lines == 0) return chunk;
    if (closing_ || in_flight_ >= settings_.max_chunks) {
      full_.store(true, std::memory_order_relaxed);
      return chunk;
    }
    if (!urgent && in_flight_ > settings_.max_chunks / 4) return chunk;
    was_empty = queue_.empty();
    queue_.push_back(std::move(chunk));
    ++in_flight_;
    if (!free_.empty()) {
      empty = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (was_empty) wake();
  if (empty == nullptr) empty = std::make_unique_for_overwrite<LogChunk>();
  return empty;
}

void LogWriter::reopen() {
  {
    const std::lock_guard lock(mutex_);
    ++reopens_asked_;
  }
  wake();
}

bool LogWriter::drain(Clock::duration wait) {
  std::unique_lock lock(mutex_);
  return progress_.wait_for(lock, wait, [this] { return done(); });
}

void LogWriter::begin_close(Clock::duration wait) {
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    closing_ = true;
    give_up_at_ = Clock::now() + wait;
  }
  wake();
}

void LogWriter::close(Clock::duration wait) {
  begin_close(wait);
  std::unique_lock lock(mutex_);
  const bool ended = progress_.wait_until(lock, give_up_at_ + kGrace, [this] { return ended_; });
  std::thread thread = std::exchange(thread_, {});
  lock.unlock();
  if (!thread.joinable()) return;
  if (ended) {
    thread.join();
  } else {
    thread.detach();
  }
}

void LogWriter::abandon(Clock::duration wait) {
  {
    const std::lock_guard lock(report_mutex_);
    silent_ = true;
  }
  begin_close(wait);
  const std::lock_guard lock(mutex_);
  if (thread_.joinable()) thread_.detach();
}

LogWriter::Counts LogWriter::counts() const {
  const LogTotals& totals = *settings_.totals;
  return {totals.written, totals.dropped, totals.write_errors};
}

void LogWriter::run() {
  block_signals();
  pthread_setname_np(pthread_self(), "weir-access-log");
  std::unique_lock lock(mutex_);
  while (!closing_ || !queue_.empty()) {
    if (reopens_ != reopens_asked_) {
      lock.unlock();
      reopen_target();
      lock.lock();
    } else if (queue_.empty()) {
      lock.unlock();
      sleep(-1, Clock::duration::max());
      lock.lock();
    } else {
      std::unique_ptr<LogChunk> chunk = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      write(*chunk);
      chunk->clear();
      lock.lock();
      --in_flight_;
      full_.store(false, std::memory_order_relaxed);
      if (free_.size() < kMaxFree) free_.push_back(std::move(chunk));
      if (done()) progress_.notify_all();
    }
  }
  ended_ = true;
  progress_.notify_all();
}

void LogWriter::write(const LogChunk& chunk) {
  take_note(target_.follow());
  std::string_view rest = chunk.view();
  std::uint64_t lost = 0;
  int error = give_up() ? ECANCELED : 0;
  const auto in_a_line = [&] {
    return rest.data() != chunk.bytes.data() && rest.data()[-1] != '\n';
  };
  while (!rest.empty() && error == 0) {
    const ssize_t result = target_.write_some(cut_ ? std::string_view("\n") : rest);
    if (result > 0) {
      if (!cut_) rest.remove_prefix(static_cast<std::size_t>(result));
      cut_ = false;
    } else if (result != -EAGAIN) {
      error = result < 0 ? static_cast<int>(-result) : EIO;
    } else if (const Wait wait = wait_until_writable(); wait == Wait::GiveUp) {
      error = ECANCELED;
    } else if (wait == Wait::Reopen) {
      reopen_target();
      if (!in_a_line()) continue;
      cut_ = true;
      rest.remove_prefix(rest.find('\n') + 1);
      ++lost;
    }
  }
  cut_ = cut_ || in_a_line();
  lost += static_cast<std::uint64_t>(std::ranges::count(rest, '\n'));
  const bool failed = error != 0 && error != ECANCELED;
  settings_.totals->written += chunk.lines - lost;
  settings_.totals->dropped += lost;
  settings_.totals->write_errors += failed ? 1 : 0;
  if (failed) say(system_error("cannot be written", error).message);
}

LogWriter::Wait LogWriter::wait_until_writable() {
  while (true) {
    Clock::duration wait = settings_.report_interval;
    bool losing = false;
    {
      const std::lock_guard lock(mutex_);
      const Clock::time_point now = Clock::now();
      if (closing_ && now >= give_up_at_) return Wait::GiveUp;
      if (reopens_ != reopens_asked_) return Wait::Reopen;
      if (closing_) wait = std::min(wait, give_up_at_ - now);
      losing = std::exchange(losing_, false);
    }
    if (losing) say("takes no more lines: its reader is too slow");
    if (sleep(target_.fd(), wait)) return Wait::Writable;
  }
}

void LogWriter::reopen_target() {
  unsigned asked;
  {
    const std::lock_guard lock(mutex_);
    asked = reopens_asked_;
  }
  take_note(target_.reopen());
  const std::lock_guard lock(mutex_);
  reopens_ = asked;
  if (done()) progress_.notify_all();
}

void LogWriter::take_note(const Result<void>& opened) {
  if (opened) return;
  ++settings_.totals->write_errors;
  say("stays open where it was: " + opened.error().message);
}

bool LogWriter::sleep(int fd, Clock::duration timeout) {
  using std::chrono::ceil, std::chrono::milliseconds;
  const int timeout_ms = timeout == Clock::duration::max()
                             ? -1
                             : static_cast<int>(std::clamp<std::int64_t>(
                                   ceil<milliseconds>(timeout).count(), 0, 3'600'000));
  pollfd waits[2] = {{wake_fd_, POLLIN, 0}, {fd, POLLOUT, 0}};
  if (poll(waits, 2, timeout_ms) <= 0) return false;
  if (waits[0].revents != 0) {
    eventfd_t ignored;
    eventfd_read(wake_fd_, &ignored);
  }
  return waits[1].revents != 0;
}

void LogWriter::wake() {
  eventfd_write(wake_fd_, 1);
}

bool LogWriter::give_up() const {
  const std::lock_guard lock(mutex_);
  return closing_ && Clock::now() >= give_up_at_;
}

void LogWriter::say(std::string_view trouble) {
  if (!report_limit_.allow()) return;
  std::string message = "the access log " + target_.name() + " ";
  message += trouble;
  message += "; lines lost so far: " + std::to_string(counts().dropped);
  const std::lock_guard lock(report_mutex_);
  if (!silent_ && settings_.report) settings_.report(message);
}

}  // namespace weir::server
