#include "core/net/socket_transport.h"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// The calls are made without the C library's functions: those are points of cancellation, which
// costs each of them two atomic operations, and no thread here is ever cancelled.
namespace weir::net {
namespace {

Io failed() {
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {Io::Kind::Again};
  return {Io::Kind::Error, errno};
}

std::size_t size_of(std::span<const iovec> pieces) {
  std::size_t size = 0;
  for (const iovec& piece : pieces) size += piece.iov_len;
  return size;
}

}  // namespace

SocketTransport::SocketTransport(event::Loop& loop, Descriptor socket)
    : socket_(std::move(socket)), poll_(loop, socket_.get(), *this) {}

SocketTransport::~SocketTransport() {
  socket_ = Descriptor();
  poll_.closed();
}

Io SocketTransport::read_some(std::span<const iovec> space) {
  ssize_t bytes;
  do {
    bytes = space.size() == 1 ? syscall(SYS_recvfrom, socket_.get(), space[0].iov_base,
                                        space[0].iov_len, 0, nullptr, nullptr)
                              : syscall(SYS_readv, socket_.get(), space.data(), space.size());
  } while (bytes < 0 && errno == EINTR);
  if (bytes == 0) return {Io::Kind::End};
  if (static_cast<std::size_t>(std::max<ssize_t>(bytes, 0)) < size_of(space)) {
    poll_.used_up(event::kReadable);
  }
  if (bytes > 0) return {Io::Kind::Bytes, 0, static_cast<std::size_t>(bytes)};
  return failed();
}

Io SocketTransport::write_some(std::span<const iovec> bytes, bool end_follows) {
  const int flags = MSG_NOSIGNAL | (end_follows ? MSG_MORE : 0);
  ssize_t written;
  do {
    if (bytes.size() == 1) {
      written = syscall(SYS_sendto, socket_.get(), bytes[0].iov_base, bytes[0].iov_len, flags,
                        nullptr, 0);
    } else {
      msghdr message{};
      message.msg_iov = const_cast<iovec*>(bytes.data());
      message.msg_iovlen = bytes.size();
      written = syscall(SYS_sendmsg, socket_.get(), &message, flags);
    }
  } while (written < 0 && errno == EINTR);
  if (static_cast<std::size_t>(std::max<ssize_t>(written, 0)) < size_of(bytes)) {
    poll_.used_up(event::kWritable);
  }
  if (written >= 0) return {Io::Kind::Bytes, 0, static_cast<std::size_t>(written)};
  return failed();
}

void SocketTransport::shutdown_write() {
  shutdown(socket_.get(), SHUT_WR);
}

bool SocketTransport::quiet() {
  char byte;
  ssize_t bytes;
  do {
    bytes = syscall(SYS_recvfrom, socket_.get(), &byte, 1, MSG_PEEK, nullptr, nullptr);
  } while (bytes < 0 && errno == EINTR);
  return bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace weir::net
