#include "core/server/overrides.h"

#include <algorithm>

#include "core/base/escape.h"

namespace weir::server {
namespace {

std::string words_of(const Overrides::Entry& entry) {
  using Kind = Overrides::Kind;
  switch (entry.kind) {
    case Kind::Flag:
      return "flag " + entry.name + (entry.on ? " on" : " off");
    case Kind::Mode:
      return "endpoint " + entry.key() + " " + std::string(to_string(entry.mode));
    case Kind::Weight:
      return "endpoint " + entry.key() + " weight " + std::to_string(entry.weight);
    case Kind::Log:
      return "log of " + entry.name + " at " + std::string(to_string(entry.level));
  }
  return {};
}

}  // namespace

Overrides::Overrides(event::Reactor& reactor, upstream::ClusterRegistry& clusters, EventLog& events,
                     std::function<void()> changed)
    : reactor_(reactor),
      clusters_(clusters),
      events_(events),
      changed_(std::move(changed)),
      next_end_(event::Timer::of<&Overrides::on_time>(reactor.loop().timers(), this)) {}

std::string Overrides::Entry::key() const {
  switch (kind) {
    case Kind::Flag:
      return name;
    case Kind::Mode:
    case Kind::Weight:
      return cluster + "/" + name;
    case Kind::Log:
      return "log." + name;
  }
  return name;
}

Result<Overrides::Entry*> Overrides::place(const Name& name, const Terms& terms) {
  if (terms.why.size() > kMaxWhy) {
    return config_error("a reason has at most " + std::to_string(kMaxWhy) + " bytes");
  }
  // People look at it on terminals.
  std::string plain;
  append_escaped(plain, terms.why, EscapeStyle::Text, 8 * kMaxWhy);
  if (plain != terms.why) return config_error("a reason has no control characters");
  const auto known = entries_.find(name);
  if (known != entries_.end()) return &known->second;
  if (entries_.size() == kMost) {
    return config_error("there are " + std::to_string(kMost) +
                        " overrides, and no more may be: clear some, or move them to the "
                        "configuration (weir ctl overrides --yaml)");
  }
  Entry& entry = entries_[name];
  std::tie(entry.kind, entry.cluster, entry.name) = name;
  return &entry;
}

Result<void> Overrides::set_flag(const std::string& name, bool on, Terms terms) {
  WEIR_TRY(entry, place({Kind::Flag, {}, name}, terms));
  entry->on = on;
  keep(*entry, std::move(terms));
  return {};
}

Result<void> Overrides::set_mode(const std::string& cluster, const std::string& address,
                                 upstream::EndpointMode mode, Terms terms) {
  WEIR_TRY(entry, place({Kind::Mode, cluster, address}, terms));
  entry->mode = mode;
  keep(*entry, std::move(terms));
  return {};
}

Result<void> Overrides::set_weight(const std::string& cluster, const std::string& address,
                                   std::uint32_t weight, Terms terms) {
  WEIR_TRY(entry, place({Kind::Weight, cluster, address}, terms));
  entry->weight = weight;
  keep(*entry, std::move(terms));
  return {};
}

Result<void> Overrides::set_log_level(LogPart part, LogLevel level, Terms terms) {
  WEIR_TRY(entry, place({Kind::Log, {}, std::string(part.name())}, terms));
  entry->level = level;
  keep(*entry, std::move(terms));
  return {};
}

void Overrides::keep(Entry& entry, Terms terms) {
  entry.why = std::move(terms.why);
  entry.set_us = reactor_.loop().wall_us();
  entry.until_ms = 0;
  std::string text = words_of(entry);
  if (terms.lasts) {
    entry.until_ms = reactor_.loop().now() + static_cast<std::uint64_t>(terms.lasts->count());
    text += " for " + std::to_string(terms.lasts->count()) + " ms";
  }
  if (!entry.why.empty()) text += ": " + entry.why;
  events_.add(LogLevel::Info, "override", std::move(text));
  apply(entry);
  on_time();
}

void Overrides::apply(const Entry& entry) {
  if (entry.cluster.empty()) {
    changed_();
    return;
  }
  upstream::EndpointOverride both;
  const auto mode = entries_.find({Kind::Mode, entry.cluster, entry.name});
  if (mode != entries_.end()) both.mode = mode->second.mode;
  const auto weight = entries_.find({Kind::Weight, entry.cluster, entry.name});
  if (weight != entries_.end()) both.weight = weight->second.weight;
  clusters_.override_endpoint(entry.cluster, entry.name, both);
}

std::size_t Overrides::end(const std::function<bool(const Entry&)>& over, std::string_view why) {
  std::vector<Entry> ended;
  std::erase_if(entries_, [&](auto& each) {
    if (!over(each.second)) return false;
    ended.push_back(std::move(each.second));
    return true;
  });
  for (const Entry& entry : ended) {
    events_.add(LogLevel::Info, "override", words_of(entry) + " ended: " + std::string(why));
    apply(entry);
  }
  return ended.size();
}

std::size_t Overrides::clear(std::string_view key) {
  return end([key](const Entry& entry) { return key.empty() || entry.key() == key; }, "cleared");
}

void Overrides::on_time() {
  const std::uint64_t now = reactor_.loop().now();
  end([now](const Entry& entry) { return entry.until_ms != 0 && entry.until_ms <= now; },
      "its time is over");
  std::uint64_t next = UINT64_MAX;
  for (const auto& [name, entry] : entries_) {
    if (entry.until_ms != 0) next = std::min(next, entry.until_ms);
  }
  next_end_.cancel();
  if (next != UINT64_MAX) next_end_.arm(next - now);
}

std::optional<bool> Overrides::flag(std::string_view name) const {
  const auto found = entries_.find({Kind::Flag, {}, std::string(name)});
  if (found == entries_.end()) return std::nullopt;
  return found->second.on;
}

std::optional<LogLevel> Overrides::level(LogPart part) const {
  const auto found = entries_.find({Kind::Log, {}, std::string(part.name())});
  if (found == entries_.end()) return std::nullopt;
  return found->second.level;
}

std::vector<const Overrides::Entry*> Overrides::list() const {
  std::vector<const Entry*> all;
  all.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) all.push_back(&entry);
  return all;
}

}  // namespace weir::server
