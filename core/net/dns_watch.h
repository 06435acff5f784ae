#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/event/loop.h"
#include "core/net/dns_answer.h"
#include "core/net/dns_lookup.h"

namespace weir::net {

// Keeps a name resolved: asks again when the answer's TTL is over, sooner and then ever later after
// a failure, and holds on to the last good answer meanwhile. An answer that lacks a part it had
// before (one family could not be asked) counts as a failure at first. Belongs to the loop's
// thread; destroy it before the Resolver.
class DnsWatch final : public DnsLookup::Owner {
 public:
  class Owner {
   public:
    // When the targets are not those of the call before; never empty, sorted. On the loop, never
    // inside a call of the owner's. May destroy the watch.
    virtual void on_targets(const std::vector<DnsTarget>& targets) = 0;
    // Each time an attempt failed, and what is known stays. May destroy the watch.
    virtual void on_failure(const Error&) {}

   protected:
    ~Owner() = default;
  };

  struct Options {
    // What a TTL is raised or lowered to.
    std::uint64_t min_ttl_ms = 5'000;
    std::uint64_t max_ttl_ms = 300'000;
    // The wait after the first failure, doubled by each further one up to the second number.
    std::uint64_t min_retry_ms = 1'000;
    std::uint64_t max_retry_ms = 30'000;
    // Numbers from 0 up to 1, without it: every wait is 0.9 to 1.1 times what it should be.
    std::function<double()> random;
  };

  // Asks for the first time at once.
  DnsWatch(event::Loop& loop, Resolver& resolver, DnsQuestion question, Owner& owner,
           Options options);

  // Asks now, unless it is asking.
  void refresh();

  const DnsQuestion& question() const { return question_; }
  // Of the last good answer; empty before the first.
  const std::vector<DnsTarget>& targets() const { return targets_; }
  // Of the last attempt; empty when it was good.
  const std::string& last_error() const { return last_error_; }
  // Attempts in a row that failed.
  unsigned failures() const { return failures_; }
  // Since the last good answer; nothing before the first.
  std::optional<std::uint64_t> age_ms() const;

 private:
  void on_resolved(Result<DnsAnswer> answer) override;
  bool worse(const DnsAnswer& answer) const;
  void accept(DnsAnswer answer);
  void fail(const Error& error);
  void wait(std::uint64_t delay_ms);

  event::Loop& loop_;
  Resolver& resolver_;
  const DnsQuestion question_;
  Owner& owner_;
  const Options options_;
  std::minstd_rand own_random_;
  event::Timer timer_;
  std::optional<DnsLookup> lookup_;
  std::vector<DnsTarget> targets_;
  bool complete_ = false;  // nothing was missing from `targets_`
  std::string last_error_;
  unsigned failures_ = 0;
  std::optional<std::uint64_t> answered_at_;
};

}  // namespace weir::net
