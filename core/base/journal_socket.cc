#include "core/base/journal_socket.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace weir {
namespace {

constexpr std::size_t kMaxText = 4096;

// Of syslog(3).
char priority(LogLevel level) {
  switch (level) {
    case LogLevel::Error:
      return '3';
    case LogLevel::Warning:
      return '4';
    case LogLevel::Info:
      return '6';
    default:
      return '7';
  }
}

}  // namespace

Result<JournalSocket> JournalSocket::open(std::string path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return config_error("the path of a socket has at most " +
                        std::to_string(sizeof address.sun_path - 1) + " bytes: " + path);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return system_error("cannot make a socket for the journal", errno);
  JournalSocket made(std::move(path), address, fd);
  // Being connected only serves to ask; a journal that starts anew is found by its path again.
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
  if (connect(fd, to, sizeof address) != 0 || connect(fd, &nobody, sizeof nobody) != 0) {
    return system_error("no journal listens at " + made.path_, errno);
  }
  return made;
}

JournalSocket::JournalSocket(std::string path, const sockaddr_un& address, int fd)
    : path_(std::move(path)), address_(address), fd_(fd) {}

JournalSocket::JournalSocket(JournalSocket&& other) noexcept
    : path_(std::move(other.path_)), address_(other.address_), fd_(std::exchange(other.fd_, -1)) {}

JournalSocket& JournalSocket::operator=(JournalSocket&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(address_, other.address_);
  std::swap(fd_, other.fd_);
  return *this;
}

JournalSocket::~JournalSocket() {
  if (fd_ >= 0) close(fd_);
}

Result<void> JournalSocket::send(const LogMessage& message) {
  // A message is one line, so that none brings fields of its own.
  std::string fields = "SYSLOG_IDENTIFIER=weir\nPRIORITY=";
  fields += priority(message.level);
  fields += "\nWEIR_PART=";
  fields += message.part.name();
  fields += "\nMESSAGE=";
  fields += message.words(kMaxText);
  fields += '\n';
  const auto* to = reinterpret_cast<const sockaddr*>(&address_);
  if (sendto(fd_, fields.data(), fields.size(), MSG_NOSIGNAL, to, sizeof address_) >= 0) {
    return {};
  }
  return system_error("the journal at " + path_ + " takes no message", errno);
}

}  // namespace weir
