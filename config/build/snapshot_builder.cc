#include "config/build/snapshot_builder.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "config/build/cluster_times.h"
#include "config/build/own_endpoints.h"
#include "config/build/redirect_loops.h"
#include "config/build/route_builder.h"
#include "config/build/route_paths.h"
#include "config/build/route_ports.h"
#include "config/build/void_retries.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"
#include "core/net/address_scope.h"
#include "core/server/log_format.h"

namespace weir::config {
namespace {

// Whether two paths lead to one file, which need not be there.
bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  const auto place = [&error](const std::string& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  };
  return a == b || place(a) == place(b);
}

}  // namespace

SnapshotBuilder::SnapshotBuilder(const model::File& file, const Sources& sources,
                                 const FilterTypes& types, StateRegistry& states, Reading& reading)
    : file_(file),
      sources_(sources),
      types_(types),
      states_(states),
      reading_(reading),
      snapshot_(std::make_unique<server::Snapshot>()),
      scope_(*snapshot_),
      lists_(types, file.filter_sets) {}

std::unique_ptr<server::Snapshot> SnapshotBuilder::build() {
  build_process();
  build_clusters();
  scope_.gaps().sets = !lists_.read_sets(reading_.at(""));
  RouteBuilder routes(types_, lists_, scope_, reading_);
  routes.build(file_.routes, *snapshot_);
  build_flags();
  ChainBuilder chains(types_, lists_, scope_, states_, reading_);
  build_listeners(chains);
  check_route_paths(scope_, reading_);
  FailedItems failed;
  check_unused(failed);
  report_switches_without_filter();
  routes.report_shadows();
  routes.report_runs();
  report_redirect_loops(scope_, reading_);
  report_own_endpoints(scope_, reading_);
  report_unused_ports(scope_, reading_);
  report_cluster_times(file_.clusters, scope_, reading_);
  report_void_retries(file_.clusters, scope_, reading_);
  report_unused();
  return std::move(snapshot_);
}

void SnapshotBuilder::build_process() {
  snapshot_->workers = file_.workers.value_or(std::max(1u, std::thread::hardware_concurrency()));
  snapshot_->drain_timeout = file_.drain_timeout;
  if (const auto& most = file_.max_connections) snapshot_->max_connections = most->value;
  snapshot_->watch = file_.watch;
  if (const auto& state = file_.state_file) {
    snapshot_->state_file = sources_.resolve(state->where.source, state->value);
    Diagnostics& known = reading_.diagnostics();
    const std::size_t before = known.kept();
    const bool written = file_.admin.socket || known.is_unread("admin.socket") ||
                         known.has_below(Severity::Note, "admin.socket");
    if (!written) {
      reading_.warning_below("state_file", state->where,
                             "there is nothing to keep: nobody can set anything without "
                             "admin: { socket: … }");
      known.involve(before, "admin");
    }
  }
  snapshot_->log = read_operational_log();
  snapshot_->overload = file_.overload.spec();
  log_ = read_log(file_.access_log, "main", reading_.at(""));
  build_admin();
}

void SnapshotBuilder::build_admin() {
  const auto step = reading_.enter("admin");
  const auto take = [this](std::string_view key, const net::Address& address, Position where) {
    const auto inner = reading_.enter(key);
    addresses_.add(address, false, where, "admin." + std::string(key), reading_);
  };
  const auto& address = file_.admin.address;
  if (address && address->value.family() != net::Address::Family::None) {
    snapshot_->admin.address = address->value;
    snapshot_->admin.address_where = how_errors_begin(address->where, "address", reading_);
    take("address", address->value, address->where);
    if (address->value.is_ip() && !net::is_loopback(address->value) &&
        !net::is_private(address->value)) {
      reading_.diagnostics().add_if_sound(
          {Severity::Warning, address->where, reading_.path().below("address"),
           "whoever reaches it sees everything that is told there: write an address of this "
           "machine or of a private network, or use socket"});
    }
  }
  const auto& socket = file_.admin.socket;
  if (!socket) return;
  auto path = net::Address::parse("unix:" + sources_.resolve(socket->where.source, socket->value));
  if (!path) {
    const auto inner = reading_.enter("socket");
    reading_.error(socket->where, std::move(path).error().message);
    return;
  }
  take("socket", *path, socket->where);
  snapshot_->admin.socket = *std::move(path);
  snapshot_->admin.socket_where = how_errors_begin(socket->where, "socket", reading_);
}

void SnapshotBuilder::build_flags() {
  const auto step = reading_.enter("flags");
  const auto& names = snapshot_->flag_names;
  for (const auto& flag : file_.flags) {
    const auto found = std::find(names.begin(), names.end(), flag.name);
    if (found != names.end()) {
      if (flag.value) snapshot_->flags |= std::uint64_t{1} << (found - names.begin());
      continue;
    }
    if (scope_.gaps().matches) continue;
    reading_.diagnostics().warning(
        flag.where, reading_.path().below(flag.name),
        "no route asks for it" + did_you_mean(flag.name, std::span<const std::string>(names)));
  }
}

void SnapshotBuilder::build_clusters() {
  for (const auto& named : file_.clusters) scope_.add_cluster(named.value.compiled(named.name));
}

server::OperationalLogSpec SnapshotBuilder::read_operational_log() const {
  const model::Log& written = file_.log;
  server::OperationalLogSpec spec{.output = {}, .levels = written.compiled_levels()};
  spec.output.form = written.format;
  if (written.path) {
    spec.output.target = LogSpec::Target::File;
    spec.output.path = sources_.resolve(written.path->where.source, written.path->value);
  }
  if (written.journald) {
    const auto& socket = written.journald->socket;
    spec.output.target = LogSpec::Target::Journal;
    spec.output.path = sources_.resolve(socket.where.source, socket.value);
  }
  return spec;
}

std::string SnapshotBuilder::how_errors_begin(Position where, std::string_view key,
                                              Reading& reading) const {
  return place_text(where, sources_) + ": error: " + reading.path().below(key);
}

std::optional<server::AccessLogSpec> SnapshotBuilder::read_log(const model::AccessLog& written,
                                                               std::string name, Reading reading) {
  const auto step = reading.enter("access_log");
  if (!written.enabled) return std::nullopt;
  server::AccessLogSpec spec;
  spec.name = std::move(name);
  if (written.format.value != "json" && !reading.unread(written.format.where)) {
    const auto inner = reading.enter("format");
    auto format = server::LogFormat::parse(written.format.value);
    if (!format) {
      reading.error(written.format.where,
                    reading.told(written.format.where, format.error(), "the value is no format"));
    }
    spec.format = written.format.value;
  }
  for (const auto& field : written.add) {
    if (reading.unread(field.where)) continue;
    const auto inner = reading.enter("add");
    spec.add.push_back(field.value);
    auto format = server::LogFormat::json(spec.add);
    if (format && spec.format.empty()) continue;
    spec.add.pop_back();
    const Error error =
        format ? config_error("is for json: write %" + clipped(field.value) + "% into the format")
               : format.error();
    reading.error(field.where,
                  reading.told(field.where, error, "the value is no field that can be added"));
  }
  if (written.to_stderr) spec.target = LogTarget::Kind::Stderr;
  if (written.path) {
    spec.target = LogTarget::Kind::File;
    spec.path = sources_.resolve(written.path->where.source, written.path->value);
    spec.where = how_errors_begin(written.path->where, "path", reading);
    const LogSpec& other = snapshot_->log->output;
    if (other.target == LogSpec::Target::File && same_file(other.path, spec.path) &&
        !reading.unread(written.path->where)) {
      const Position there = file_.log.path->where;
      reading.warning_below("path", written.path->where,
                            "log.path names this file too, " +
                                reading.named_place(there, written.path->where) +
                                ": who reads exchanges there finds messages among them; give each "
                                "a file of its own");
    }
  }
  return spec;
}

std::optional<std::uint32_t> SnapshotBuilder::place_log(
    const std::optional<server::AccessLogSpec>& spec) {
  if (!spec) return std::nullopt;
  auto& logs = snapshot_->access_logs;
  const auto same = std::find_if(logs.begin(), logs.end(), [&](const server::AccessLogSpec& log) {
    return log.target == spec->target && log.path == spec->path && log.format == spec->format &&
           log.add == spec->add;
  });
  if (same != logs.end()) return static_cast<std::uint32_t>(same - logs.begin());
  logs.push_back(*spec);
  return static_cast<std::uint32_t>(logs.size() - 1);
}

void SnapshotBuilder::build_listeners(ChainBuilder& chains) {
  const auto step = reading_.enter("listeners");
  Gaps& gaps = scope_.gaps();
  if (reading_.lacks_some() || reading_.at("").lacks_some()) gaps.ports = gaps.chains = true;
  for (const auto& named : file_.listeners) build_listener(named, chains);
}

void SnapshotBuilder::build_listener(const Named<model::Listener>& named, ChainBuilder& chains) {
  const model::Listener& written = named.value;
  const auto step = reading_.enter(named.name);
  const bool several = written.address.size() > 1;
  const auto& most = written.max_connections;
  const auto& of_all = file_.max_connections;
  const auto is_read = [this](Position where) { return where.known() && !reading_.unread(where); };
  if (of_all && is_read(of_all->where) && is_read(most.where) && most.value > of_all->value) {
    reading_.warning_below("max_connections", most.where,
                           "has no effect: all listeners together may have " +
                               std::to_string(of_all->value) + " (max_connections " +
                               reading_.named_place(of_all->where, most.where) + ")");
  }
  for (const auto& address : written.address) {
    const auto inner = reading_.enter("address");
    addresses_.add(address.value, written.ipv6_only, address.where,
                   "the listener " + quote(named.name), reading_);
  }
  bool first = true;
  const std::size_t errors = reading_.diagnostics().errors();
  for (const auto& address : written.address) {
    // What is wrong is wrong with each, and said once.
    if (!first && reading_.diagnostics().errors() != errors) return;
    server::ListenerSpec& spec = snapshot_->listeners.emplace_back();
    spec.name = several ? named.name + '@' + address.value.to_string() : named.name;
    spec.address = address.value;
    spec.where = how_errors_begin(address.where, "address", reading_);
    fill(named, spec, chains);
    first = false;
  }
  if (!first) return;
  server::ListenerSpec without_address;
  fill(named, without_address, chains);
}

void SnapshotBuilder::fill(const Named<model::Listener>& named, server::ListenerSpec& spec,
                           ChainBuilder& chains) {
  const model::Listener& written = named.value;
  spec.options.backlog = static_cast<int>(written.backlog);
  spec.options.freebind = written.freebind;
  spec.options.ipv6_only = written.ipv6_only;
  spec.max_connections = written.max_connections.value;
  spec.peek_timeout = written.peek_timeout;
  spec.access_log = place_log(written.access_log ? read_log(*written.access_log, named.name,
                                                            reading_.at(reading_.path().text()))
                                                 : log_);
  chains.build(written, reading_, spec);
}

void SnapshotBuilder::check_unused(FailedItems& failed) {
  const auto check = [&](const std::vector<ListedFilter>& filters) {
    for (const ListedFilter& listed : filters) check_settings(listed, failed);
  };
  for (const FilterLists::Set& set : lists_.sets()) {
    if (!set.used) check(set.filters);
  }
  for (const auto& list : scope_.route_lists()) {
    if (list->used) continue;
    for (const auto& filters : list->filters) check(filters);
  }
}

void SnapshotBuilder::check_settings(const ListedFilter& listed, FailedItems& failed) {
  if (listed.broken || !listed.settings) return;
  Reading inside = reading_.at(listed.path);
  if (types_.find(listed.type, FilterPlace::Http) != nullptr) {
    make_http_filter(listed, types_, reading_, failed);
  } else if (const auto* accept = types_.find(listed.type, FilterPlace::Accept)) {
    accept->make_accept(*listed.settings, inside, StateScope(states_, listed.path));
  } else if (const auto* network = types_.find(listed.type, FilterPlace::Network)) {
    network->make_network(*listed.settings, inside);
  }
}

void SnapshotBuilder::report_switches_without_filter() {
  const Gaps& gaps = scope_.gaps();
  if (gaps.chains || gaps.sets) return;
  for (const auto& list : scope_.route_lists()) {
    if (!list->used) continue;
    for (const auto& filters : list->filters) {
      for (const ListedFilter& listed : filters) {
        if (listed.broken || listed.settings || list->landed.contains(listed.item)) continue;
        // It has no place there at all.
        if (reading_.unread(listed.stands_at())) continue;
        reading_.at(listed.path)
            .error(listed.where(), "no chain that uses these routes has a filter " +
                                       quote(listed.name) + what_is_there(*list, listed));
      }
    }
  }
}

// Which filter of the chains was probably meant, else which there are.
std::string SnapshotBuilder::what_is_there(const RouteList& list,
                                           const ListedFilter& listed) const {
  std::vector<std::string_view> names;
  for (const auto& [name, type] : list.chain_filters) {
    if (type == listed.type && listed.name == listed.type) {
      return ": theirs of that type has a name, write { name: " + name + ", enabled: false }";
    }
    names.push_back(name);
  }
  if (std::string hint = lists_.hint_of_set(listed.name); !hint.empty()) return "; " + hint;
  const std::string meant = did_you_mean(listed.name, names);
  if (!meant.empty()) return meant;
  return names.empty() ? "; they have none" : "; they have " + join_or(names);
}

// What is broken itself may be a stand-in.
void SnapshotBuilder::report_unused() {
  const auto report = [this](Severity severity, Position where, std::string_view section,
                             const std::string& name, const char* message) {
    reading_.diagnostics().add_if_sound(
        {severity, where, KeyPath(std::string(section)).below(name), message});
  };
  const Gaps& gaps = scope_.gaps();
  if (gaps.chains) return;
  for (const FilterLists::Set& set : lists_.sets()) {
    if (set.used || gaps.route_filters) continue;
    const bool accept =
        std::all_of(set.filters.begin(), set.filters.end(), [this](const ListedFilter& filter) {
          return types_.find(filter.type, FilterPlace::Accept) != nullptr &&
                 types_.find(filter.type, FilterPlace::Http) == nullptr;
        });
    report(Severity::Warning, set.written.where, "filter_sets", set.written.name,
           accept ? "no listener uses it" : "no chain or route uses it");
  }
  for (const auto& list : scope_.route_lists()) {
    if (list->used) continue;
    report(Severity::Warning, list->written.where, "routes", list->written.name,
           "no router uses it");
  }
  std::uint32_t index = 0;
  for (const auto& named : file_.clusters) {
    if (scope_.uses_of_cluster(index++) > 0 || gaps.targets) continue;
    report(Severity::Note, named.where, "clusters", named.name, "nothing leads to it");
  }
}

}  // namespace weir::config
