#include "core/net/socket.h"

#include <cerrno>

#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/random.h"

namespace weir::net {
namespace {

constexpr int kFlags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

void set_option(int descriptor, int level, int option, int value) {
  setsockopt(descriptor, level, option, &value, sizeof value);
}

int family_of(const Address& address) {
  switch (address.family()) {
    case Address::Family::V6:
      return AF_INET6;
    case Address::Family::Unix:
      return AF_UNIX;
    default:
      return AF_INET;
  }
}

Error listen_error(const Address& address, int code) {
  std::string what = "cannot listen on " + address.to_string();
  if (code == EADDRNOTAVAIL) what += " (`freebind: true` allows an address that is not here yet)";
  if (code == EACCES && address.port() != 0 && address.port() < 1024) {
    what += " (ports below 1024 need CAP_NET_BIND_SERVICE)";
  }
  return system_error(std::move(what), code);
}

Result<Descriptor> bind_ip(const Address& address, const ListenOptions& options, bool share) {
  Descriptor socket(::socket(family_of(address), kFlags, 0));
  if (!socket) return system_error("cannot make a socket", errno);
  // Without it a port whose old connections are in TIME_WAIT could not be bound again; a listener
  // of another process still is an error.
  set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (share) set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (options.freebind) set_option(socket.get(), IPPROTO_IP, IP_FREEBIND, 1);
  if (address.family() == Address::Family::V6) {
    set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, options.ipv6_only ? 1 : 0);
  }
  set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  sockaddr_storage storage;
  const socklen_t size = address.to_sockaddr(storage);
  if (bind(socket.get(), reinterpret_cast<sockaddr*>(&storage), size) != 0) {
    return listen_error(address, errno);
  }
  return socket;
}

Result<Address> bound_address(const Descriptor& socket) {
  sockaddr_storage storage;
  socklen_t size = sizeof storage;
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
    return system_error("getsockname", errno);
  }
  return Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), size);
}

Result<void> start_listening(const Descriptor& socket, const Address& address, int backlog) {
  if (listen(socket.get(), backlog) != 0) return listen_error(address, errno);
  return {};
}

// Linux may refuse both of two that have bound the port and begin to listen at the same moment. One
// of them gets it when each tries again after a time of its own.
Result<Descriptor> listen_first(const Address& address, const ListenOptions& options) {
  constexpr int kTries = 20;
  constexpr std::uint64_t kLongestWaitUs = 2'000;
  Random random(static_cast<std::uint64_t>(getpid()) << 32 ^
                static_cast<std::uint64_t>(syscall(SYS_gettid)));
  for (int left = kTries;; --left) {
    WEIR_TRY(socket, bind_ip(address, options, options.beside_own));
    if (listen(socket.get(), options.backlog) == 0) return socket;
    if (errno != EADDRINUSE || left == 1) return listen_error(address, errno);
    socket = Descriptor();
    usleep(static_cast<useconds_t>(random.next() % kLongestWaitUs));
  }
}

Result<std::vector<Descriptor>> listen_on_unix(const Address& address,
                                               const ListenOptions& options) {
  sockaddr_storage storage;
  const socklen_t size = address.to_sockaddr(storage);
  {
    Descriptor probe(::socket(AF_UNIX, kFlags, 0));
    if (!probe) return system_error("cannot make a socket", errno);
    if (connect(probe.get(), reinterpret_cast<sockaddr*>(&storage), size) == 0 || errno == EAGAIN) {
      return listen_error(address, EADDRINUSE);
    }
    struct stat file;
    const std::string path(address.unix_path());
    if (errno == ECONNREFUSED && stat(path.c_str(), &file) == 0 && S_ISSOCK(file.st_mode)) {
      unlink(path.c_str());
    }
  }
  Descriptor socket(::socket(AF_UNIX, kFlags, 0));
  if (!socket) return system_error("cannot make a socket", errno);
  if (bind(socket.get(), reinterpret_cast<sockaddr*>(&storage), size) != 0) {
    return listen_error(address, errno);
  }
  // Nobody can connect before listen(), so the mode holds from the first connection on.
  if (chmod(std::string(address.unix_path()).c_str(), options.unix_mode) != 0) {
    return listen_error(address, errno);
  }
  WEIR_TRY_VOID(start_listening(socket, address, options.backlog));
  std::vector<Descriptor> sockets;
  sockets.push_back(std::move(socket));
  return sockets;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ < 0) return;
  close(number_);
  open_count.fetch_sub(1, std::memory_order_relaxed);
}

Result<std::vector<Descriptor>> listen_on(Address& address, const ListenOptions& options) {
  if (address.family() == Address::Family::Unix) return listen_on_unix(address, options);
  std::vector<Descriptor> sockets;
  // The first has the port to itself until it listens, and is kept: a socket that only tried would
  // reset whoever connected to it. From then on others of this user may join it, as the rest does.
  WEIR_TRY(first, listen_first(address, options));
  set_option(first.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  WEIR_TRY(bound, bound_address(first));
  address = address.with_port(bound.port());
  sockets.push_back(std::move(first));
  while (sockets.size() < options.sockets) {
    WEIR_TRY(socket, bind_ip(address, options, true));
    WEIR_TRY_VOID(start_listening(socket, address, options.backlog));
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

void set_keepalive(int descriptor, const ConnectOptions& options) {
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, options.keepalive ? 1 : 0);
  if (!options.keepalive) return;
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE,
             static_cast<int>(options.keepalive_idle.count()));
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL,
             static_cast<int>(options.keepalive_interval.count()));
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, options.keepalive_probes);
}

Result<Descriptor> start_connect(const Address& address, const ConnectOptions& options) {
  Descriptor socket(::socket(family_of(address), kFlags, 0));
  if (!socket) return system_error("cannot make a socket", errno);
  if (address.is_ip()) {
    set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    if (options.keepalive) set_keepalive(socket.get(), options);
  }
  sockaddr_storage storage;
  const socklen_t size = address.to_sockaddr(storage);
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&storage), size) != 0 &&
      errno != EINPROGRESS) {
    return system_error("cannot connect to " + address.to_string(), errno);
  }
  return socket;
}

int connect_result(int descriptor) {
  int code = 0;
  socklen_t size = sizeof code;
  if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) != 0) return errno;
  return code;
}

std::size_t raise_descriptor_limit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace weir::net
