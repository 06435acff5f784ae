#include "core/server/listen_sockets.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>

namespace weir::server {
namespace {

std::uint64_t next_id() {
  static std::uint64_t last = 0;
  return ++last;
}

// What a socket that is kept does not take on, a sentence each.
std::vector<std::string> what_waits(const ListenerSpec& spec, const net::Address& bound,
                                    const net::ListenOptions& there) {
  std::vector<std::string> waits;
  const auto stays = [&](const char* option, const std::string& value) {
    waits.push_back("listener " + spec.name + ": " + option + " of " + bound.to_string() + " is " +
                    value + " until a restart");
  };
  const net::ListenOptions& wanted = spec.options;
  const auto word = [](bool on) { return on ? "on" : "off"; };
  if (there.backlog != wanted.backlog) stays("backlog", std::to_string(there.backlog));
  if (there.freebind != wanted.freebind) stays("freebind", word(there.freebind));
  if (there.ipv6_only != wanted.ipv6_only) stays("ipv6_only", word(there.ipv6_only));
  return waits;
}

// A unix path has one socket, which all workers share.
Result<void> share_out(std::vector<net::Descriptor>& sockets, unsigned workers) {
  while (sockets.size() < workers) {
    net::Descriptor copy(fcntl(sockets.front().get(), F_DUPFD_CLOEXEC, 0));
    if (!copy) return system_error("cannot share a listening socket", errno);
    sockets.push_back(std::move(copy));
  }
  return {};
}

}  // namespace

Result<ListenSockets::Plan> ListenSockets::prepare(const Snapshot& snapshot) const {
  Plan plan;
  for (const ListenerSpec& spec : snapshot.listeners) {
    const auto same = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
      return entry.asked == spec.address && entry.file.is_there() &&
             std::none_of(plan.begin(), plan.end(),
                          [&entry](const Item& item) { return item.id == entry.id; });
    });
    if (same != entries_.end()) {
      plan.push_back({.id = same->id,
                      .address = same->bound,
                      .fresh = {},
                      .file = {},
                      .waits = what_waits(spec, same->bound, same->options)});
      continue;
    }
    net::ListenOptions options = spec.options;
    options.sockets = workers_;
    options.beside_own = std::any_of(entries_.begin(), entries_.end(), [&spec](const Entry& entry) {
      return entry.bound.is_ip() && spec.address.is_ip() && entry.bound.port() != 0 &&
             entry.bound.port() == spec.address.port();
    });
    net::Address address = spec.address;
    auto sockets = net::listen_on(address, options);
    if (!sockets) {
      Error error = std::move(sockets).error();
      const std::string where = spec.where.empty() ? "listener " + spec.name : spec.where;
      error.message = where + ": " + error.message;
      return error;
    }
    plan.push_back({next_id(), address, std::move(*sockets), net::SocketFile(address), {}});
    WEIR_TRY_VOID(share_out(plan.back().fresh, workers_));
  }
  return plan;
}

void ListenSockets::commit(const Snapshot& snapshot, Plan& plan) {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const auto same = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const Entry& entry) { return entry.id == plan[i].id; });
    if (same != entries_.end()) {
      entries.push_back(std::move(*same));
      entries_.erase(same);
    } else {
      const ListenerSpec& spec = snapshot.listeners[i];
      entries.push_back(
          {plan[i].id, spec.address, plan[i].address, spec.options, std::move(plan[i].file)});
    }
  }
  entries_ = std::move(entries);
}

}  // namespace weir::server
