#include "core/base/log_target.h"

#include <cerrno>
#include <climits>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {
namespace {

// A descriptor or a negative errno.
int open_path(const std::string& path) {
  constexpr int kFlags = O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  int fd = ::open(path.c_str(), O_WRONLY | kFlags, 0640);
  // A named pipe without a reader opens only for both.
  if (fd < 0 && errno == ENXIO) fd = ::open(path.c_str(), O_RDWR | kFlags, 0640);
  return fd < 0 ? -errno : fd;
}

// Standard output and error are shared with other processes, so they stay as they are: blocking.
int duplicate(LogTarget::Kind kind) {
  const int fd =
      fcntl(kind == LogTarget::Kind::Stdout ? STDOUT_FILENO : STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  return fd < 0 ? -errno : fd;
}

std::string name_of(LogTarget::Kind kind, std::string path) {
  switch (kind) {
    case LogTarget::Kind::File:
      return path;
    case LogTarget::Kind::Stdout:
      return "standard output";
    case LogTarget::Kind::Stderr:
      return "standard error";
  }
  return path;
}

}  // namespace

Result<LogTarget> LogTarget::open(Kind kind, std::string path) {
  const int fd = kind == Kind::File ? open_path(path) : duplicate(kind);
  std::string name = name_of(kind, std::move(path));
  if (fd < 0) return system_error("cannot open the log " + name, -fd);
  return LogTarget(kind, std::move(name), fd);
}

LogTarget LogTarget::standard_error() {
  LogTarget target(Kind::Stderr, name_of(Kind::Stderr, {}), STDERR_FILENO);
  target.may_block_ = true;
  return target;
}

LogTarget::LogTarget(Kind kind, std::string name, int fd)
    : kind_(kind), name_(std::move(name)), fd_(fd), may_block_(true) {
  struct stat about;
  if (fstat(fd_, &about) == 0) may_block_ = !S_ISREG(about.st_mode);
}

LogTarget::LogTarget(LogTarget&& other) noexcept
    : kind_(other.kind_),
      name_(std::move(other.name_)),
      fd_(std::exchange(other.fd_, -1)),
      may_block_(other.may_block_),
      gone_(other.gone_),
      look_at_(other.look_at_) {}

LogTarget& LogTarget::operator=(LogTarget&& other) noexcept {
  std::swap(kind_, other.kind_);
  std::swap(name_, other.name_);
  std::swap(fd_, other.fd_);
  std::swap(may_block_, other.may_block_);
  std::swap(gone_, other.gone_);
  std::swap(look_at_, other.look_at_);
  return *this;
}

LogTarget::~LogTarget() {
  if (fd_ >= 0 && fd_ != STDERR_FILENO) ::close(fd_);
}

Result<void> LogTarget::reopen() {
  if (kind_ != Kind::File) return {};
  WEIR_TRY(anew, open(kind_, name_));
  *this = std::move(anew);
  return {};
}

Result<void> LogTarget::follow(Clock::time_point now) {
  if (kind_ != Kind::File || now < look_at_) return {};
  struct stat mine;
  struct stat there;
  Result<void> reopened;
  if (fstat(fd_, &mine) == 0 && (stat(name_.c_str(), &there) != 0 || mine.st_dev != there.st_dev ||
                                 mine.st_ino != there.st_ino)) {
    reopened = reopen();
    gone_ = !reopened && mine.st_nlink == 0;
  }
  look_at_ = now + kLookInterval;
  return reopened;
}

ssize_t LogTarget::write_some(std::string_view lines) {
  if (gone_) return -ENOENT;
  if (may_block_) {
    pollfd ready{fd_, POLLOUT, 0};
    if (poll(&ready, 1, 0) == 0) return -EAGAIN;
    // A pipe that is ready takes PIPE_BUF bytes at once, and as one piece.
    if (lines.size() > PIPE_BUF) {
      const std::size_t newline = lines.rfind('\n', PIPE_BUF - 1);
      lines = lines.substr(0, newline == std::string_view::npos ? PIPE_BUF : newline + 1);
    }
  }
  ssize_t written;
  do {
    written = ::write(fd_, lines.data(), lines.size());
  } while (written < 0 && errno == EINTR);
  return written < 0 ? -errno : written;
}

}  // namespace weir
