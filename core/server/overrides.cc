#include "core/server/overrides.h"

#include <algorithm>

#include "core/base/escape.h"
#include "core/server/page_text.h"

namespace weir::server {
namespace {

using Kind = Override::Kind;

std::string words_of(const Override& entry) {
  return std::string(entry.what()) + " " + entry.key() + " " + entry.setting();
}

}  // namespace

Overrides::Overrides(event::Reactor& reactor, upstream::ClusterRegistry& clusters, EventLog& events,
                     Changed changed)
    : reactor_(reactor),
      clusters_(clusters),
      events_(events),
      changed_(std::move(changed)),
      next_end_(event::Timer::of<&Overrides::on_time>(reactor.loop().timers(), this)) {}

Result<Override*> Overrides::place(const Name& name, std::string_view why) {
  if (why.size() > kMaxWhy) {
    return config_error("a reason has at most " + std::to_string(kMaxWhy) + " bytes");
  }
  // People look at it on terminals.
  if (needs_escapes(why, EscapeStyle::Text))
    return config_error("a reason has no characters that nobody sees");
  const auto known = entries_.find(name);
  if (known != entries_.end()) return &known->second;
  if (entries_.size() == kMost) {
    return config_error("there are " + std::to_string(kMost) +
                        " overrides, and no more may be: clear some, or move them to the "
                        "configuration (weir ctl overrides --yaml)");
  }
  Override& entry = entries_[name];
  std::tie(entry.kind, entry.cluster, entry.name) = name;
  return &entry;
}

Result<void> Overrides::set_flag(const std::string& name, bool on, Terms terms) {
  WEIR_TRY(entry, place({Kind::Flag, {}, name}, terms.why));
  entry->on = on;
  keep(*entry, std::move(terms));
  return {};
}

Result<void> Overrides::set_mode(const std::string& cluster, const std::string& address,
                                 upstream::EndpointMode mode, Terms terms) {
  WEIR_TRY(entry, place({Kind::Mode, cluster, address}, terms.why));
  entry->mode = mode;
  keep(*entry, std::move(terms));
  return {};
}

Result<void> Overrides::set_weight(const std::string& cluster, const std::string& address,
                                   std::uint32_t weight, Terms terms) {
  WEIR_TRY(entry, place({Kind::Weight, cluster, address}, terms.why));
  entry->weight = weight;
  keep(*entry, std::move(terms));
  return {};
}

Result<void> Overrides::set_log_level(LogPart part, LogLevel level, Terms terms) {
  WEIR_TRY(entry, place({Kind::Log, {}, std::string(part.name())}, terms.why));
  entry->level = level;
  keep(*entry, std::move(terms));
  return {};
}

void Overrides::keep(Override& entry, Terms terms) {
  entry.why = std::move(terms.why);
  entry.set_us = reactor_.loop().wall_us();
  entry.until_ms = 0;
  std::string text = words_of(entry);
  if (terms.lasts) {
    entry.until_ms = reactor_.loop().now() + static_cast<std::uint64_t>(terms.lasts->count());
    text += " for " + span_text(terms.lasts->count());
  }
  if (!entry.why.empty()) text += ": " + entry.why;
  events_.add(LogLevel::Info, "override", std::move(text));
  apply(entry);
  on_time();
  changed_.list();
}

void Overrides::apply(const Override& entry) {
  if (entry.cluster.empty()) {
    changed_.effect();
    return;
  }
  upstream::EndpointOverride both;
  const auto mode = entries_.find({Kind::Mode, entry.cluster, entry.name});
  if (mode != entries_.end()) both.mode = mode->second.mode;
  const auto weight = entries_.find({Kind::Weight, entry.cluster, entry.name});
  if (weight != entries_.end()) both.weight = weight->second.weight;
  clusters_.override_endpoint(entry.cluster, entry.name, both);
}

std::size_t Overrides::end(const std::function<bool(const Override&)>& over, std::string_view why) {
  std::vector<Override> ended;
  std::erase_if(entries_, [&](auto& each) {
    if (!over(each.second)) return false;
    ended.push_back(std::move(each.second));
    return true;
  });
  for (const Override& entry : ended) {
    events_.add(LogLevel::Info, "override", words_of(entry) + " ended: " + std::string(why));
    apply(entry);
  }
  if (!ended.empty()) changed_.list();
  return ended.size();
}

Result<void> Overrides::restore(std::vector<Override> overrides) {
  for (Override& each : overrides) {
    WEIR_TRY(entry, place({each.kind, each.cluster, each.name}, each.why));
    *entry = std::move(each);
    apply(*entry);
  }
  on_time();
  changed_.list();
  return {};
}

std::size_t Overrides::clear(std::string_view what, std::string_view key) {
  return end([&](const Override& entry) { return entry.what() == what && entry.key() == key; },
             "cleared");
}

std::size_t Overrides::clear_logs() {
  return end([](const Override& entry) { return entry.kind == Kind::Log; }, "cleared");
}

std::size_t Overrides::clear_all() {
  return end([](const Override&) { return true; }, "cleared");
}

void Overrides::on_time() {
  const std::uint64_t now = reactor_.loop().now();
  end([now](const Override& entry) { return entry.until_ms != 0 && entry.until_ms <= now; },
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

std::vector<const Override*> Overrides::list() const {
  std::vector<const Override*> all;
  all.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) all.push_back(&entry);
  return all;
}

}  // namespace weir::server
