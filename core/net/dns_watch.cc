#include "core/net/dns_watch.h"

#include <algorithm>

namespace weir::net {
namespace {

// Failures in a row after which an incomplete answer is better than an old one.
constexpr unsigned kPatience = 3;

}  // namespace

DnsWatch::DnsWatch(event::Loop& loop, Resolver& resolver, DnsQuestion question, Owner& owner,
                   Options options)
    : loop_(loop),
      resolver_(resolver),
      question_(std::move(question)),
      owner_(owner),
      options_(std::move(options)),
      own_random_(std::random_device()()),
      timer_(event::Timer::of<&DnsWatch::refresh>(loop.timers(), this)) {
  refresh();
}

void DnsWatch::refresh() {
  timer_.cancel();
  if (!lookup_) lookup_.emplace(resolver_, question_, *this);
}

std::optional<std::uint64_t> DnsWatch::age_ms() const {
  if (!answered_at_) return std::nullopt;
  return loop_.now() - *answered_at_;
}

void DnsWatch::on_resolved(Result<DnsAnswer> answer) {
  lookup_.reset();
  if (!answer) {
    fail(answer.error());
  } else if (worse(*answer)) {
    fail({ErrorOrigin::Upstream, answer->missing});
  } else {
    accept(std::move(*answer));
  }
}

bool DnsWatch::worse(const DnsAnswer& answer) const {
  return complete_ && !answer.missing.empty() && failures_ < kPatience;
}

void DnsWatch::accept(DnsAnswer answer) {
  complete_ = answer.missing.empty();
  last_error_ = std::move(answer.missing);
  failures_ = 0;
  answered_at_ = loop_.now();
  const std::uint64_t ttl_ms = std::max(std::uint64_t{answer.ttl} * 1000, options_.min_ttl_ms);
  wait(std::min(ttl_ms, options_.max_ttl_ms));
  if (answer.targets == targets_) return;
  targets_ = std::move(answer.targets);
  owner_.on_targets(targets_);
}

void DnsWatch::fail(const Error& error) {
  constexpr unsigned kMaxDoublings = 20;
  last_error_ = error.message;
  const unsigned doublings = std::min(failures_++, kMaxDoublings);
  wait(std::min(options_.min_retry_ms << doublings, options_.max_retry_ms));
  owner_.on_failure(error);
}

void DnsWatch::wait(std::uint64_t delay_ms) {
  const double random =
      options_.random ? options_.random() : std::uniform_real_distribution<double>()(own_random_);
  timer_.arm(static_cast<std::uint64_t>(static_cast<double>(delay_ms) * (0.9 + 0.2 * random)));
}

}  // namespace weir::net
