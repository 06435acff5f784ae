#include "config/file_text.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::config {
namespace {

constexpr std::size_t kPiece = 64 << 10;

Error would_wait(const std::string& path) {
  return config_error(path + " is a pipe, a socket or a device: reading it could wait without end");
}

bool is_plain(const struct stat& about) {
  return S_ISREG(about.st_mode) || S_ISDIR(about.st_mode);
}

// Opened without waiting, since another thing may have taken the place of the file that was there.
Result<int> open_plain(const std::string& path) {
  struct stat about;
  if (stat(path.c_str(), &about) == 0 && !is_plain(about)) return would_wait(path);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0) return system_error("cannot open " + path, errno);
  if (fstat(file, &about) == 0 && is_plain(about)) return file;
  close(file);
  return would_wait(path);
}

Result<int> open_any(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (file < 0) return system_error("cannot open " + path, errno);
  return file;
}

Result<std::string> read_from(int file, const std::string& path, std::size_t most) {
  std::string text;
  while (text.size() < most) {
    const std::size_t before = text.size();
    text.resize(std::min(most, before + kPiece));
    const ssize_t count = ::read(file, text.data() + before, text.size() - before);
    const int code = errno;
    text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) break;
    if (count > 0 || code == EINTR) continue;
    // Some files of the kernel are pipes in all but name, such as /proc/kmsg.
    if (code == EAGAIN) return would_wait(path);
    return system_error("cannot read " + path, code);
  }
  return text;
}

}  // namespace

Result<std::string> file_text(const std::string& path, std::size_t most, Pipes pipes) {
  WEIR_TRY(file, pipes == Pipes::Awaited ? open_any(path) : open_plain(path));
  Result<std::string> text = read_from(file, path, most);
  close(file);
  return text;
}

}  // namespace weir::config
