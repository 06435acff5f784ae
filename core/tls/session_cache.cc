#include "core/tls/session_cache.h"

#include <openssl/ssl.h>

namespace weir::tls {

void SessionCache::put(std::string_view server, bssl::UniquePtr<SSL_SESSION> session) {
  const std::lock_guard lock(mutex_);
  auto found = servers_.find(server);
  if (found == servers_.end()) {
    if (servers_.size() == kMostServers) {
      servers_.erase(oldest_first_.front());
      oldest_first_.pop_front();
    }
    oldest_first_.emplace_back(server);
    found = servers_.emplace(std::string(server), Server{{}, std::prev(oldest_first_.end())}).first;
  } else {
    oldest_first_.splice(oldest_first_.end(), oldest_first_, found->second.place);
  }
  auto& sessions = found->second.sessions;
  if (sessions.size() == kMostOfOne) sessions.erase(sessions.begin());
  sessions.push_back(std::move(session));
}

bssl::UniquePtr<SSL_SESSION> SessionCache::take(std::string_view server) {
  const std::lock_guard lock(mutex_);
  const auto found = servers_.find(server);
  if (found == servers_.end() || found->second.sessions.empty()) return nullptr;
  auto& sessions = found->second.sessions;
  if (SSL_SESSION_should_be_single_use(sessions.back().get()) == 0) {
    return bssl::UpRef(sessions.back());
  }
  bssl::UniquePtr<SSL_SESSION> session = std::move(sessions.back());
  sessions.pop_back();
  return session;
}

}  // namespace weir::tls
