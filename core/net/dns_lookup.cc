#include "core/net/dns_lookup.h"

#include <algorithm>
#include <tuple>

#include "core/net/resolver.h"

namespace weir::net {
namespace {

// Seconds for which the hosts file is believed; reading it again is cheap.
constexpr std::uint32_t kHostsTtl = 10;

auto place_of(const DnsTarget& target) {
  return std::tuple(target.address.family(), target.address.ip_bytes(), target.address.port());
}

// Each address once, with its best priority and there its largest weight; in a fixed order.
void normalize(std::vector<DnsTarget>& targets) {
  std::sort(targets.begin(), targets.end(), [](const DnsTarget& a, const DnsTarget& b) {
    return std::tuple(place_of(a), a.priority, b.weight) <
           std::tuple(place_of(b), b.priority, a.weight);
  });
  const auto same_place = [](const DnsTarget& a, const DnsTarget& b) {
    return a.address == b.address;
  };
  targets.erase(std::unique(targets.begin(), targets.end(), same_place), targets.end());
  std::stable_sort(targets.begin(), targets.end(),
                   [](const DnsTarget& a, const DnsTarget& b) { return a.priority < b.priority; });
}

// Whether c-ares asks for exactly this name: it reads some characters as escapes.
bool is_host_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace

// Outlives a cancelled lookup: c-ares cannot take back a single question.
struct DnsLookup::Pending final : DnsReply, ListNode<Pending> {
  Pending(DnsLookup& l, Part& p, DnsType t) : lookup(&l), part(&p), type(t) {}

  bool wanted() const override { return lookup != nullptr; }
  void on_reply(Outcome outcome, std::span<const unsigned char> bytes,
                const char* failure) override {
    if (lookup == nullptr) return;
    unlink();
    lookup->on_reply(*part, type, outcome, bytes, failure);
  }

  DnsLookup* lookup;
  Part* part;
  DnsType type;
};

DnsLookup::DnsLookup(Resolver& resolver, DnsQuestion question, Owner& owner)
    : resolver_(&resolver),
      question_(std::move(question)),
      owner_(owner),
      step_(event::Timer::of<&DnsLookup::on_step>(resolver.loop_.timers(), this)) {
  resolver.lookups_.push_back(*this);
  if (auto literal = Address::parse_ip(question_.name, question_.port)) {
    targets_.push_back({std::move(*literal)});
  } else {
    Part& part = parts_.emplace_back();
    part.kind = question_.kind;
    part.name = question_.name;
    part.full_names = resolver.full_names(question_.name);
    part.port = question_.port;
  }
  step_.arm(0);
}

DnsLookup::~DnsLookup() {
  abandon();
}

void DnsLookup::abandon() {
  while (Pending* pending = pending_.pop_front()) pending->lookup = nullptr;
}

void DnsLookup::on_resolver_gone() {
  abandon();
  resolver_ = nullptr;
  targets_.clear();
  missing_ = question_.name + ": the resolver was shut down";
  running_ = 0;
  next_part_ = parts_.size();
  step_.arm(0);
}

// Everything that has consequences happens here, with no frame of c-ares or the owner below.
void DnsLookup::on_step() {
  while (next_part_ < parts_.size()) begin(parts_[next_part_++]);
  if (running_ == 0) deliver();
}

void DnsLookup::begin(Part& part) {
  if (!is_host_name(part.name)) {
    fail(part, "not a valid name");
    return;
  }
  if (part.kind == DnsQuestion::Kind::Addresses && find_in_hosts(part)) return;
  ++running_;
  ask_next(part);
}

bool DnsLookup::find_in_hosts(const Part& part) {
  if (!hosts_) hosts_ = DnsHosts::load(resolver_->options_.hosts_file);
  const std::vector<Address> found = hosts_->find(part.name);
  for (const Address& address : found) {
    targets_.push_back({address.with_port(part.port), part.weight, part.priority});
  }
  if (!found.empty()) ttl_ = std::min(ttl_, kHostsTtl);
  return !found.empty();
}

void DnsLookup::ask_next(Part& part) {
  const std::string& name = part.full_names[part.next_name++];
  const auto ask = [&](DnsType type) {
    auto pending = std::make_unique<Pending>(*this, part, type);
    pending_.push_back(*pending);
    resolver_->ask(name, type, std::move(pending));
  };
  if (part.kind == DnsQuestion::Kind::Services) {
    part.waiting = 1;
    ask(DnsType::Srv);
  } else {
    part.waiting = 2;
    ask(DnsType::A);
    ask(DnsType::Aaaa);
  }
}

void DnsLookup::on_reply(Part& part, DnsType type, DnsReply::Outcome outcome,
                         std::span<const unsigned char> bytes, const char* failure) {
  if (outcome == DnsReply::Outcome::Message) take(part, type, bytes);
  if (outcome == DnsReply::Outcome::Failed) fail(part, failure);
  if (outcome != DnsReply::Outcome::NoName) exists_ = true;
  if (--part.waiting != 0) return;

  // After a failure the next full name could be another one's.
  const bool more_names = part.next_name < part.full_names.size();
  if (!part.found && !part.failed && more_names) {
    ask_next(part);
    return;
  }
  --running_;
  step_.arm(0);
}

void DnsLookup::take(Part& part, DnsType type, std::span<const unsigned char> bytes) {
  const Result<DnsMessage> message = DnsMessage::parse(bytes);
  if (!message) {
    fail(part, message.error().message);
    return;
  }
  std::uint32_t ttl = ttl_;
  std::vector<const DnsRecord*> records = message->answers_of(type, ttl);
  if (records.empty()) return;
  part.found = true;
  ttl_ = ttl;
  if (type == DnsType::Srv) {
    add_services(std::move(records));
    return;
  }
  for (const DnsRecord* record : records) {
    targets_.push_back({record->address.with_port(part.port), part.weight, part.priority});
  }
}

void DnsLookup::add_services(std::vector<const DnsRecord*> records) {
  // The root as target says that there is no such service (RFC 2782).
  std::erase_if(records, [](const DnsRecord* record) { return !is_host_name(record->target); });
  std::sort(records.begin(), records.end(), [](const DnsRecord* a, const DnsRecord* b) {
    return std::tie(a->priority, b->weight, a->target, a->port) <
           std::tie(b->priority, a->weight, b->target, b->port);
  });
  if (records.size() > kMaxServices) {
    records.resize(kMaxServices);
    missing_ = question_.name + ": has more than " + std::to_string(kMaxServices) + " services";
  }
  for (const DnsRecord* record : records) {
    Part& part = parts_.emplace_back();
    part.kind = DnsQuestion::Kind::Addresses;
    part.name = record->target;
    part.full_names = {record->target};
    part.port = record->port;
    // A weight of 0 asks for next to nothing, or is everybody's.
    part.weight = std::max<std::uint16_t>(record->weight, 1);
    part.priority = record->priority;
  }
}

void DnsLookup::fail(Part& part, const std::string& what) {
  part.failed = true;
  if (missing_.empty()) missing_ = part.name + ": " + what;
}

void DnsLookup::deliver() {
  step_.cancel();
  unlink();
  owner_.on_resolved(answer());
}

Result<DnsAnswer> DnsLookup::answer() {
  if (!targets_.empty()) {
    normalize(targets_);
    return DnsAnswer{std::move(targets_), ttl_, std::move(missing_)};
  }
  if (missing_.empty()) {
    missing_ = question_.name + (exists_ ? ": the name has no addresses" : ": no such name");
  }
  return Error{ErrorOrigin::Upstream, std::move(missing_)};
}

}  // namespace weir::net
