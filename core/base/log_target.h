#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "core/base/result.h"

namespace weir {

// Where the lines of a log go: a file that is appended to (created with mode 0640), a named pipe or
// device by its path, standard output or standard error. Owns its descriptor. One thread at a time.
class LogTarget {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Kind : unsigned char { File, Stdout, Stderr };
  static constexpr std::chrono::seconds kLookInterval{1};

  // `path` is for Kind::File alone.
  static Result<LogTarget> open(Kind kind, std::string path);
  // Standard error itself, not a copy: whatever it is at the moment, or nothing at all.
  static LogTarget standard_error();
  LogTarget(LogTarget&& other) noexcept;
  LogTarget& operator=(LogTarget&& other) noexcept;
  ~LogTarget();

  // Opens the path again, for files that were moved away; on an error the old file stays. Nothing
  // to do for standard output and error.
  Result<void> reopen();
  // The same if the path has come to lead to another file or to none, which is asked at most once
  // per kLookInterval.
  Result<void> follow(Clock::time_point now = Clock::now());
  // Writes the start of `lines`, none of which another process can cut in two if it fits PIPE_BUF.
  // Returns the bytes written, or a negative errno; -EAGAIN: wait until fd() is writable. A file
  // that was deleted and cannot be made anew takes nothing: nobody would ever read it.
  ssize_t write_some(std::string_view lines);
  // Whether it may take no more for a while, as pipes, terminals and sockets do.
  bool may_block() const { return may_block_; }
  int fd() const { return fd_; }
  // For messages: the path, "standard output" or "standard error".
  const std::string& name() const { return name_; }

 private:
  LogTarget(Kind kind, std::string name, int fd);

  Kind kind_;
  std::string name_;
  int fd_;
  bool may_block_;
  bool gone_ = false;
  Clock::time_point look_at_{};
};

}  // namespace weir
