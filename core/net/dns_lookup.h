#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/list.h"
#include "core/base/result.h"
#include "core/event/timer.h"
#include "core/net/dns_answer.h"
#include "core/net/dns_hosts.h"
#include "core/net/dns_message.h"
#include "core/net/dns_reply.h"

namespace weir::net {

class Resolver;

// One question on its way. Literal addresses and the hosts file come before DNS; A and AAAA are
// asked together, always of the same full name. Belongs to the Resolver's thread; destroying it
// cancels.
class DnsLookup : public ListNode<DnsLookup> {
 public:
  class Owner {
   public:
    // Once, on the loop, never inside a call of the owner's. An error when there is no address,
    // be it that the name has none or that nobody could say. May destroy the lookup.
    virtual void on_resolved(Result<DnsAnswer> answer) = 0;

   protected:
    ~Owner() = default;
  };

  // Services beyond this number, in the order of their records, are left out.
  static constexpr std::size_t kMaxServices = 512;

  DnsLookup(Resolver& resolver, DnsQuestion question, Owner& owner);
  ~DnsLookup();
  DnsLookup(const DnsLookup&) = delete;
  DnsLookup& operator=(const DnsLookup&) = delete;

 private:
  friend class Resolver;
  struct Pending;
  // The records of one kind that are wanted of one name.
  struct Part {
    DnsQuestion::Kind kind;
    std::string name;
    // What it may stand for; the first that has any record counts.
    std::vector<std::string> full_names;
    // Of the addresses to come.
    std::uint16_t port = 0;
    std::uint16_t weight = 1;
    std::uint16_t priority = 0;

    std::size_t next_name = 0;
    unsigned waiting = 0;
    bool found = false;
    bool failed = false;
  };

  void on_resolver_gone();
  void abandon();
  void on_step();
  void begin(Part& part);
  bool find_in_hosts(const Part& part);
  void ask_next(Part& part);
  void on_reply(Part& part, DnsType type, DnsReply::Outcome outcome,
                std::span<const unsigned char> bytes, const char* failure);
  void take(Part& part, DnsType type, std::span<const unsigned char> bytes);
  void add_services(std::vector<const DnsRecord*> records);
  void fail(Part& part, const std::string& what);
  void deliver();
  Result<DnsAnswer> answer();

  Resolver* resolver_;  // null once it is gone
  DnsQuestion question_;
  Owner& owner_;
  event::Timer step_;
  std::optional<DnsHosts> hosts_;
  std::deque<Part> parts_;  // grows while replies refer to its members
  std::size_t next_part_ = 0;
  std::size_t running_ = 0;
  List<Pending> pending_;
  std::vector<DnsTarget> targets_;
  std::uint32_t ttl_ = UINT32_MAX;
  std::string missing_;
  bool exists_ = false;
};

}  // namespace weir::net
