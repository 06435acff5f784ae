#pragma once

#include <string>

#include <sys/un.h>

#include "core/base/log_message.h"
#include "core/base/result.h"

namespace weir {

// The socket of the systemd journal, in its native protocol: each message is one datagram of
// fields. Owns its descriptor.
class JournalSocket {
 public:
  static constexpr const char* kPath = "/run/systemd/journal/socket";

  // An error when nobody listens at `path`.
  static Result<JournalSocket> open(std::string path);
  JournalSocket(JournalSocket&& other) noexcept;
  JournalSocket& operator=(JournalSocket&& other) noexcept;
  ~JournalSocket();

  // Never waits. An error when the journal is gone or does not keep up; it may be back for the next
  // message.
  Result<void> send(const LogMessage& message);

 private:
  JournalSocket(std::string path, const sockaddr_un& address, int fd);

  std::string path_;
  sockaddr_un address_;
  int fd_;
};

}  // namespace weir
