#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/event/poll.h"
#include "core/net/dns_message.h"

namespace weir::net {

inline std::string wire_u16(unsigned number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number)};
}

inline std::string wire_name(const std::string& name) {
  std::string wire;
  for (std::size_t start = 0; start < name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    wire += static_cast<char>(end - start);
    wire += name.substr(start, end - start);
    start = end + 1;
  }
  return wire + '\0';
}

// A record as a test writes it.
struct WireRecord {
  std::string name;
  DnsType type;
  std::uint32_t ttl;
  std::string body;

  std::string wire() const {
    return wire_name(name) + wire_u16(static_cast<unsigned>(type)) + wire_u16(1) +
           wire_u16(ttl >> 16) + wire_u16(ttl & 0xffff) +
           wire_u16(static_cast<unsigned>(body.size())) + body;
  }
};

inline WireRecord a(const std::string& name, std::uint32_t ttl, const std::string& ip) {
  std::string body(4, '\0');
  inet_pton(AF_INET, ip.c_str(), body.data());
  return {name, DnsType::A, ttl, body};
}
inline WireRecord aaaa(const std::string& name, std::uint32_t ttl, const std::string& ip) {
  std::string body(16, '\0');
  inet_pton(AF_INET6, ip.c_str(), body.data());
  return {name, DnsType::Aaaa, ttl, body};
}
inline WireRecord cname(const std::string& name, std::uint32_t ttl, const std::string& target) {
  return {name, DnsType::Cname, ttl, wire_name(target)};
}
inline WireRecord srv(const std::string& name, std::uint32_t ttl, unsigned priority,
                      unsigned weight, unsigned port, const std::string& target) {
  return {name, DnsType::Srv, ttl,
          wire_u16(priority) + wire_u16(weight) + wire_u16(port) + wire_name(target)};
}

// A reply to the first question of `query`.
inline std::string wire_reply(const std::string& query, unsigned code, bool truncated,
                              const std::vector<WireRecord>& answers) {
  const std::size_t name_end = query.find('\0', 12);
  std::string reply = query.substr(0, 2) + wire_u16(0x8180u | (truncated ? 0x200u : 0u) | code) +
                      wire_u16(1) + wire_u16(static_cast<unsigned>(answers.size())) + wire_u16(0) +
                      wire_u16(0) + query.substr(12, name_end + 5 - 12);
  for (const WireRecord& record : answers) reply += record.wire();
  return reply;
}

// A DNS server on the test's own loop, over UDP and TCP on one port of 127.0.0.1. It says what it
// was told to say; any other type of a known name is empty, any other name does not exist.
class DnsServer {
 public:
  struct Script {
    std::vector<WireRecord> answers;
    unsigned code = 0;
    bool silent = false;
    bool truncated = false;  // over UDP; whole over TCP
    bool held = false;       // until release()
    std::function<void(std::string& reply)> mangle;
  };

  explicit DnsServer(event::Loop& loop) : loop_(loop) {
    do {
      udp_.open(loop, SOCK_DGRAM, 0, [this] { on_packet(); });
      sockaddr_in bound = {};
      socklen_t size = sizeof bound;
      getsockname(udp_.descriptor, reinterpret_cast<sockaddr*>(&bound), &size);
      port_ = ntohs(bound.sin_port);
    } while (!tcp_.open(loop, SOCK_STREAM, port_, [this] { on_accept(); }));
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  Script& on(const std::string& name, DnsType type) { return scripts_[{name, type}]; }
  void set(const std::string& name, std::vector<WireRecord> answers) {
    for (WireRecord& record : answers) on(name, record.type).answers.clear();
    for (WireRecord& record : answers) on(name, record.type).answers.push_back(record);
  }
  int asked(const std::string& name, DnsType type) const {
    const auto count = asked_.find({name, type});
    return count == asked_.end() ? 0 : count->second;
  }
  int asked() const { return total_; }
  int asked_over_tcp() const { return over_tcp_; }
  void release() {
    for (const auto& [reply, to] : held_) send_packet(reply, to);
    held_.clear();
  }

 private:
  using Key = std::pair<std::string, DnsType>;

  struct Watched final : event::Poll::Owner {
    ~Watched() { close_now(); }
    void close_now() {
      poll.reset();
      if (descriptor >= 0) close(descriptor);
      descriptor = -1;
    }
    bool open(event::Loop& loop, int type, std::uint16_t port, std::function<void()> ready) {
      close_now();
      const int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      sockaddr_in local = {};
      local.sin_family = AF_INET;
      local.sin_port = htons(port);
      local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (bind(fd, reinterpret_cast<sockaddr*>(&local), sizeof local) != 0) {
        close(fd);
        return false;
      }
      if (type == SOCK_STREAM) listen(fd, 16);
      adopt(loop, fd, std::move(ready));
      return true;
    }
    void adopt(event::Loop& loop, int fd, std::function<void()> ready) {
      descriptor = fd;
      on_ready = std::move(ready);
      poll = std::make_unique<event::Poll>(loop, fd, *this);
      poll->want(event::kReadable);
    }
    void on_events(unsigned) override {
      poll->ask_again();
      on_ready();
    }

    int descriptor = -1;
    std::function<void()> on_ready;
    std::unique_ptr<event::Poll> poll;
    std::string input;
  };

  const Script* script_of(const std::string& query, Script& absent) {
    const Result<DnsMessage> message =
        DnsMessage::parse({reinterpret_cast<const unsigned char*>(query.data()), query.size()});
    if (!message) return nullptr;
    const std::size_t name_end = query.find('\0', 12);
    const auto type = static_cast<DnsType>(static_cast<unsigned char>(query[name_end + 2]));
    const Key key(message->question, type);
    ++asked_[key];
    ++total_;
    if (const auto found = scripts_.find(key); found != scripts_.end()) return &found->second;
    const auto same_name = scripts_.lower_bound(Key(key.first, DnsType{}));
    const bool known = same_name != scripts_.end() && same_name->first.first == key.first;
    absent.code = known ? 0 : 3;
    return &absent;
  }

  void on_packet() {
    char bytes[2048];
    sockaddr_in from = {};
    socklen_t from_size = sizeof from;
    const ssize_t size = recvfrom(udp_.descriptor, bytes, sizeof bytes, 0,
                                  reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 12) return;
    const std::string query(bytes, static_cast<std::size_t>(size));
    Script absent;
    const Script* script = script_of(query, absent);
    if (script == nullptr || script->silent) return;
    std::string reply = script->truncated ? wire_reply(query, 0, true, {})
                                          : wire_reply(query, script->code, false, script->answers);
    if (script->mangle) script->mangle(reply);
    if (script->held) {
      held_.emplace_back(reply, from);
    } else {
      send_packet(reply, from);
    }
  }

  void send_packet(const std::string& reply, const sockaddr_in& to) {
    sendto(udp_.descriptor, reply.data(), reply.size(), 0, reinterpret_cast<const sockaddr*>(&to),
           sizeof to);
  }

  void on_accept() {
    const int fd = accept4(tcp_.descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    Watched& peer = *peers_.emplace_back(std::make_unique<Watched>());
    peer.adopt(loop_, fd, [this, &peer] { on_stream(peer); });
  }

  void on_stream(Watched& peer) {
    char bytes[2048];
    const ssize_t size = read(peer.descriptor, bytes, sizeof bytes);
    if (size <= 0) {
      peer.close_now();
      return;
    }
    peer.input.append(bytes, static_cast<std::size_t>(size));
    while (peer.input.size() >= 2) {
      const std::size_t length = static_cast<unsigned char>(peer.input[0]) * 256u +
                                 static_cast<unsigned char>(peer.input[1]);
      if (peer.input.size() < 2 + length) return;
      const std::string query = peer.input.substr(2, length);
      peer.input.erase(0, 2 + length);
      ++over_tcp_;
      Script absent;
      const Script* script = script_of(query, absent);
      if (script == nullptr) return;
      const std::string reply = wire_reply(query, script->code, false, script->answers);
      const std::string framed = wire_u16(static_cast<unsigned>(reply.size())) + reply;
      if (write(peer.descriptor, framed.data(), framed.size()) < 0) peer.close_now();
    }
  }

  event::Loop& loop_;
  Watched udp_;
  Watched tcp_;
  std::vector<std::unique_ptr<Watched>> peers_;
  std::uint16_t port_ = 0;
  std::map<Key, Script> scripts_;
  std::map<Key, int> asked_;
  int total_ = 0;
  int over_tcp_ = 0;
  std::vector<std::pair<std::string, sockaddr_in>> held_;
};

// Runs `loop` until `done` says so; false when that takes too long.
inline bool run_until(event::Loop& loop, const std::function<bool()>& done,
                      std::uint64_t limit_ms = 10'000) {
  bool late = false;
  event::Timer limit(loop.timers(), &late, [](void* flag) { *static_cast<bool*>(flag) = true; });
  limit.arm(limit_ms);
  while (!done() && !late) loop.run_once(true);
  return !late;
}

}  // namespace weir::net
