#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/list.h"
#include "core/base/result.h"
#include "core/event/loop.h"
#include "core/net/dns_message.h"
#include "core/net/dns_reply.h"

struct ares_channeldata;

namespace weir::net {

class DnsLookup;

// Asks DNS servers on one loop, through c-ares. Use DnsLookup for one question and DnsWatch for a
// name that is to stay resolved. Belongs to the loop's thread. Reads /etc/resolv.conf when created
// and not again. It may be destroyed before its lookups: they report a failure.
class Resolver {
 public:
  // Questions that are with the servers at one time: more at once overflow socket buffers, and each
  // loss costs a timeout.
  static constexpr std::size_t kMaxInFlight = 128;

  struct Options {
    // "10.0.0.53,[fd00::53]:5353"; empty: those of the system.
    std::string servers;
    // Domains that complete a name, and how many dots make a name complete; unset: the system's.
    std::optional<std::vector<std::string>> search;
    std::optional<int> dots;
    std::string hosts_file = "/etc/hosts";
    // How long the first try waits for a server; doubled each time all servers were tried.
    int timeout_ms = 1000;
    // Tries per server.
    int tries = 3;
  };

  static Result<std::unique_ptr<Resolver>> create(event::Loop& loop, Options options);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver();

 private:
  friend class DnsLookup;
  class Socket;
  struct Waiting {
    std::string name;
    DnsType type;
    std::unique_ptr<DnsReply> reply;
  };
  struct Asked;

  Resolver(event::Loop& loop, Options options);
  Result<void> open();

  // For DnsLookup. `reply` may be called before ask() returns, or wait until kMaxInFlight allows.
  void ask(const std::string& name, DnsType type, std::unique_ptr<DnsReply> reply);
  // The full names that `name` may stand for, in the order to try.
  std::vector<std::string> full_names(std::string_view name) const;

  void send_waiting();
  void on_answer(DnsReply& reply, int status, const unsigned char* bytes, int size);
  void watch(int descriptor, unsigned events);
  void watch_again(int descriptor);
  void on_timeout();
  void arm_timeout();

  event::Loop& loop_;
  Options options_;
  ares_channeldata* channel_ = nullptr;
  std::vector<std::string> search_;
  int dots_ = 1;
  event::Timer timeout_;
  std::deque<Waiting> waiting_;
  std::size_t in_flight_ = 0;
  bool sending_ = false;
  std::unordered_map<int, std::unique_ptr<Socket>> sockets_;
  List<DnsLookup> lookups_;
};

}  // namespace weir::net
