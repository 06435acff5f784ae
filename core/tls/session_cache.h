#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/base.h>

namespace weir::tls {

// Sessions with servers, for a client to resume. Keeps the newest of at most kMostServers; a
// session of TLS 1.3 is used once (RFC 8446 appendix C.4). Any thread.
class SessionCache {
 public:
  static constexpr std::size_t kMostServers = 1024;
  // A server may give several at once, for as many connections.
  static constexpr std::size_t kMostOfOne = 4;

  void put(std::string_view server, bssl::UniquePtr<SSL_SESSION> session);
  // The newest, or null.
  bssl::UniquePtr<SSL_SESSION> take(std::string_view server);

 private:
  struct Server {
    std::vector<bssl::UniquePtr<SSL_SESSION>> sessions;  // the newest last
    std::list<std::string>::iterator place;
  };

  std::mutex mutex_;
  std::map<std::string, Server, std::less<>> servers_;
  std::list<std::string> oldest_first_;
};

}  // namespace weir::tls
