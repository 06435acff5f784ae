#include "core/server/state_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/net/descriptor.h"

namespace weir::server {
namespace {

Result<void> write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) return system_error("write", errno);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file) != 0) return system_error("fsync", errno);
  return {};
}

// So that the new name is on the disk, too. Some file systems know no such thing.
void sync_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const net::Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened) fsync(opened.get());
}

Result<void> replace(const std::string& named, std::string_view text) {
  const std::string path = StateFile::followed(named);
  const std::string beside = path + ".new";
  {
    const net::Descriptor file(::open(
        beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!file) return system_error("open " + beside, errno);
    if (auto written = write_all(file.get(), text); !written) {
      unlink(beside.c_str());
      return written;
    }
  }
  if (rename(beside.c_str(), path.c_str()) != 0) return system_error("rename " + beside, errno);
  sync_folder(path);
  return {};
}

}  // namespace

std::string StateFile::followed(const std::string& path) {
  char* const real = realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string found = real;
  std::free(real);
  return found;
}

Result<std::optional<std::string>> StateFile::read(const std::string& path) {
  const net::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file && errno == ENOENT) return std::optional<std::string>();
  struct stat about;
  if (!file || fstat(file.get(), &about) != 0) return system_error("cannot read " + path, errno);
  if (!S_ISREG(about.st_mode)) return config_error(path + " is no plain file");
  if (static_cast<std::size_t>(about.st_size) > kMaxBytes) {
    return config_error(path + " has more than " + std::to_string(kMaxBytes) + " bytes");
  }
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file.get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("cannot read " + path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return std::optional(std::move(text));
}

StateFile::StateFile() : thread_([this] { run(); }) {}

StateFile::~StateFile() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void StateFile::write(std::string path, std::string text) {
  {
    std::lock_guard lock(mutex_);
    job_ = {std::move(path), std::move(text)};
    ++number_;
  }
  changed_.notify_all();
}

void StateFile::hold(StateLock lock) {
  std::lock_guard guard(mutex_);
  lock_ = std::make_shared<StateLock>(std::move(lock));
}

std::shared_ptr<const StateLock> StateFile::lock() const {
  std::lock_guard guard(mutex_);
  return lock_;
}

void StateFile::forget() {
  std::vector<Waiting> waiting;
  {
    std::lock_guard lock(mutex_);
    job_.reset();
    ++number_;
    trouble_.last.clear();
    waiting.swap(waiting_);
  }
  for (const Waiting& each : waiting) each.done({});
}

void StateFile::when_written(Written done) {
  Result<void> written;
  {
    std::lock_guard lock(mutex_);
    if (job_ && failed_ != number_) {
      waiting_.push_back({number_, std::move(done)});
      return;
    }
    if (job_) written = Error{ErrorOrigin::System, trouble_.last, 0};
  }
  done(written);
}

bool StateFile::end(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  ending_ = true;
  changed_.notify_all();
  return changed_.wait_for(lock, patience, [this] { return ended_; });
}

StateFile::Trouble StateFile::trouble() const {
  std::lock_guard lock(mutex_);
  return trouble_;
}

void StateFile::run() {
  pthread_setname_np(pthread_self(), "weir-state");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || job_; });
    if (!job_) break;
    const Job job = *job_;
    const std::uint64_t number = number_;
    const auto held = lock_;
    lock.unlock();
    const Result<void> written = put(job, held);
    lock.lock();
    note(job, written);
    if (!written) failed_ = number;
    // What is newer has all of it, and may go better.
    if (written || number == number_) tell(lock, number, written);
    if (number != number_) continue;
    if (written || ending_) {
      job_.reset();
    } else {
      changed_.wait_for(lock, kAgain, [&] { return ending_ || number != number_; });
    }
  }
  ended_ = true;
  changed_.notify_all();
}

Result<void> StateFile::put(const Job& job, std::shared_ptr<const StateLock> held) {
  if (!held->is_of(job.path)) return replace(job.path, job.text);
  WEIR_TRY(taken, StateLock::take(job.path, *held));
  if (taken.replaces(*held)) {
    log_warning("override", "the lock beside {} was deleted: it is made again", job.path);
    std::lock_guard lock(mutex_);
    if (lock_ == held) lock_ = std::make_shared<StateLock>(std::move(taken));
  }
  return replace(job.path, job.text);
}

void StateFile::tell(std::unique_lock<std::mutex>& lock, std::uint64_t number,
                     const Result<void>& written) {
  const auto later = std::find_if(waiting_.begin(), waiting_.end(),
                                  [number](const Waiting& each) { return each.number > number; });
  const std::vector<Waiting> told(std::make_move_iterator(waiting_.begin()),
                                  std::make_move_iterator(later));
  waiting_.erase(waiting_.begin(), later);
  lock.unlock();
  for (const Waiting& each : told) each.done(written);
  lock.lock();
}

void StateFile::note(const Job& job, const Result<void>& written) {
  if (!written) {
    ++trouble_.errors;
    trouble_.last = written.error().message;
    log_error("override", "{} was not written, what is set will not outlive the process: {}",
              job.path, trouble_.last);
  } else if (!trouble_.last.empty()) {
    trouble_.last.clear();
    log_info("override", "{} is written again", job.path);
  }
}

}  // namespace weir::server
