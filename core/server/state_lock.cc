#include "core/server/state_lock.h"

#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/server/state_file.h"

namespace weir::server {
namespace {

// Somebody who deletes the file again and again, or a file system that numbers its files anew, is
// not waited for.
constexpr int kTries = 8;

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

bool is_same_file(const net::Descriptor& a, const net::Descriptor& b) {
  struct stat one;
  struct stat other;
  return a && b && fstat(a.get(), &one) == 0 && fstat(b.get(), &other) == 0 && is_same(one, other);
}

// Whether `file` is what is at `path`, and not one that was there before.
bool is_at(const net::Descriptor& file, const std::string& path) {
  struct stat mine;
  struct stat there;
  return fstat(file.get(), &mine) == 0 && lstat(path.c_str(), &there) == 0 && is_same(mine, there);
}

// For those who look for it.
void write_process_id(const net::Descriptor& file) {
  const std::string text = std::to_string(getpid()) + "\n";
  if (ftruncate(file.get(), 0) == 0) (void)!pwrite(file.get(), text.data(), text.size(), 0);
}

std::string owner(const net::Descriptor& file) {
  char text[32];
  const ssize_t size = pread(file.get(), text, sizeof text, 0);
  const std::string_view id(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string_view digits = id.substr(0, id.find_first_not_of("0123456789"));
  return digits.empty() ? "another process" : "process " + std::string(digits);
}

}  // namespace

Result<StateLock> StateLock::take(const std::string& path, const StateLock& held,
                                  const std::function<void()>& before_look) {
  if (path.empty()) return StateLock();
  const std::string beside = StateFile::followed(path) + ".lock";
  for (int i = 0; i < kTries; ++i) {
    net::Descriptor file(
        open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!file) return StateLock();
    // A lock goes with the open file, so that a copy of its descriptor has it too.
    if (is_same_file(file, held.file_)) {
      return StateLock(path, net::Descriptor(fcntl(held.file_.get(), F_DUPFD_CLOEXEC, 0)));
    }
    if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return StateLock();
      return Error{
          ErrorOrigin::System,
          "state_file: " + path + " is in use by " + owner(file) +
              ": each Weir needs a file of its own, or would undo what is set in the other",
          0};
    }
    if (before_look) before_look();
    // Else it was deleted since it was opened, or meanwhile there is another one.
    if (is_at(file, beside)) {
      write_process_id(file);
      return StateLock(path, std::move(file));
    }
  }
  return StateLock();
}

bool StateLock::replaces(const StateLock& before) const {
  return file_ && !is_same_file(file_, before.file_);
}

}  // namespace weir::server
