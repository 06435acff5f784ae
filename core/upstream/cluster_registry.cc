#include "core/upstream/cluster_registry.h"

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/net/dns_watch.h"
#include "core/upstream/local_clusters.h"

namespace weir::upstream {
namespace {

// Runs `task(LocalClusters&)` on every reactor.
template <typename Task>
void on_all(const event::Reactors& reactors, Task task) {
  for (event::Reactor* reactor : reactors.all) {
    reactor->loop().post([reactor, task] { task(reactor->local<LocalClusters>()); });
  }
}

}  // namespace

// One cluster, while a Snapshot names it.
struct ClusterRegistry::Entry final : net::DnsWatch::Owner {
  struct Endpoint {
    EndpointSpec spec;
    event::Generation<EndpointState>* state;
  };

  explicit Entry(ClusterRegistry& owner) : registry(owner) {}

  void on_targets(const std::vector<net::DnsTarget>& targets) override {
    StaticEndpoints members;
    for (const net::DnsTarget& target : targets) {
      members.push_back({.address = target.address,
                         .weight = target.weight,
                         .priority = target.priority,
                         .labels = {}});
    }
    waiting_for_dns = false;
    dns_error.clear();
    registry.set_endpoints(*this, members);
    registry.publish(*this);
  }
  // Requests need not wait for a name that cannot be resolved.
  void on_failure(const Error& error) override {
    registry.trouble_("cluster " + (*state)->name + ": " + error.message);
    dns_error = error.message;
    if (!waiting_for_dns) return;
    waiting_for_dns = false;
    registry.publish(*this);
  }

  ClusterRegistry& registry;
  event::Generation<ClusterState>* state = nullptr;
  std::size_t uses = 0;
  std::shared_ptr<const ClusterSpec> spec;
  std::shared_ptr<DenseSlots> slots = std::make_shared<DenseSlots>();
  std::vector<Endpoint> endpoints;  // by address, no address twice
  event::Generation<ClusterVersion>* version = nullptr;
  std::vector<event::Generation<EndpointState>*> removed;  // still in `version`
  std::unique_ptr<net::DnsWatch> watch;
  std::string dns_error;
  bool waiting_for_dns = false;
};

ClusterUse::~ClusterUse() {
  if (registry_ != nullptr) registry_->release(*state_);
}

ClusterRegistry::ClusterRegistry(const event::Reactors& reactors, net::Resolver* resolver,
                                 Trouble trouble)
    : reactors_(reactors),
      resolver_(resolver),
      trouble_(trouble ? std::move(trouble)
                       : [](const std::string& text) { log_warning("upstream", "{}", text); }) {}

ClusterRegistry::~ClusterRegistry() {
  for (auto& [name, entry] : entries_) close(*entry);
}

ClusterRegistry::Entry& ClusterRegistry::entry_of(const std::string& name) {
  std::unique_ptr<Entry>& entry = entries_[name];
  if (entry == nullptr) {
    entry = std::make_unique<Entry>(*this);
    entry->state = event::Generation<ClusterState>::make(
        reactors_, std::make_unique<ClusterState>(name, reactors_, slots_), event::Usage::Rare);
    on_all(reactors_, [state = entry->state](LocalClusters& local) { local.open(*state); });
  }
  return *entry;
}

void ClusterRegistry::adopt(ClusterTable& table) {
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    Cluster& cluster = table.at(i);
    Entry& entry = entry_of(cluster.spec->name);
    // Workers may look at a table that was adopted before.
    const bool fresh = cluster.use.get() == nullptr;
    if (fresh) {
      ++entry.uses;
      cluster.use = ClusterUse(*this, **entry.state);
    }
    if (entry.spec != nullptr && *entry.spec == *cluster.spec) {
      if (fresh) cluster.spec = entry.spec;  // one of the two is enough
      continue;
    }
    const bool moved = entry.spec == nullptr || entry.spec->membership != cluster.spec->membership;
    entry.spec = cluster.spec;
    if (moved) follow_membership(entry);
    publish(entry);
  }
}

void ClusterRegistry::follow_membership(Entry& entry) {
  entry.watch.reset();
  entry.dns_error.clear();
  entry.waiting_for_dns = false;
  if (const auto* endpoints = std::get_if<StaticEndpoints>(&entry.spec->membership)) {
    set_endpoints(entry, *endpoints);
    return;
  }
  net::DnsQuestion question;
  if (const auto* dns = std::get_if<DnsEndpoints>(&entry.spec->membership)) {
    question.name = dns->name;
    question.port = dns->port;
  } else {
    question.name = std::get<SrvEndpoints>(entry.spec->membership).name;
    question.kind = net::DnsQuestion::Kind::Services;
  }
  WEIR_CHECK(resolver_ != nullptr);
  // The members from before serve until there is an answer.
  entry.waiting_for_dns = entry.endpoints.empty();
  net::DnsWatch::Owner& owner = entry;
  entry.watch = std::make_unique<net::DnsWatch>(
      reactors_.control().loop(), *resolver_, std::move(question), owner, net::DnsWatch::Options());
}

void ClusterRegistry::set_endpoints(Entry& entry, const StaticEndpoints& endpoints) {
  std::map<std::string, event::Generation<EndpointState>*> before;
  for (const Entry::Endpoint& endpoint : entry.endpoints) {
    before[(*endpoint.state)->text] = endpoint.state;
  }
  entry.endpoints.clear();
  for (const EndpointSpec& spec : endpoints) {
    const auto known = before.find(spec.address.to_string());
    event::Generation<EndpointState>* state;
    if (known != before.end()) {
      state = known->second;
      before.erase(known);
    } else {
      state = event::Generation<EndpointState>::make(
          reactors_, std::make_unique<EndpointState>(spec.address, entry.slots),
          event::Usage::Rare);
      (*state)->generation = state;
    }
    (*state)->priority = spec.priority;
    entry.endpoints.push_back({spec, state});
  }
  for (const auto& [text, state] : before) {
    (*state)->flags |= EndpointState::kRemoved;
    entry.removed.push_back(state);
  }
}

void ClusterRegistry::publish(Entry& entry) {
  auto version = std::make_unique<ClusterVersion>();
  version->spec = entry.spec;
  version->waiting_for_dns = entry.waiting_for_dns;
  std::map<std::uint32_t, EndpointSet::Group> groups;
  for (const Entry::Endpoint& endpoint : entry.endpoints) {
    EndpointState& state = **endpoint.state;
    const EndpointOverride& set = override_of(entry, state.text);
    state.set_mode(set.mode.value_or(endpoint.spec.mode));
    state.weight = set.weight.value_or(endpoint.spec.weight);
    EndpointSet::Group& group = groups[endpoint.spec.priority];
    group.priority = endpoint.spec.priority;
    group.members.push_back({&state, state.weight, endpoint.spec.labels});
  }
  for (auto& [priority, group] : groups) version->endpoints.groups.push_back(std::move(group));
  version->balancer = make_balancer(entry.spec->balance, version->endpoints, **entry.state);

  auto* before = std::exchange(
      entry.version,
      event::Generation<ClusterVersion>::make(reactors_, std::move(version), event::Usage::Rare));
  on_all(reactors_, [slot = (*entry.state)->slot, now = entry.version](LocalClusters& local) {
    local.adopt(slot, *now);
  });
  if (before != nullptr) before->retire();
  for (event::Generation<EndpointState>* state : entry.removed) state->retire();
  entry.removed.clear();
}

void ClusterRegistry::override_endpoint(const std::string& cluster, const std::string& endpoint,
                                        const EndpointOverride& override) {
  auto& of_cluster = overrides_[cluster];
  if (override.empty()) {
    of_cluster.erase(endpoint);
  } else {
    of_cluster[endpoint] = override;
  }
  if (of_cluster.empty()) overrides_.erase(cluster);
  const auto entry = entries_.find(cluster);
  if (entry != entries_.end()) publish(*entry->second);
}

const EndpointOverride& ClusterRegistry::override_of(const Entry& entry,
                                                     const std::string& endpoint) const {
  static const EndpointOverride nothing;
  const auto of_cluster = overrides_.find((*entry.state)->name);
  if (of_cluster == overrides_.end()) return nothing;
  const auto found = of_cluster->second.find(endpoint);
  return found == of_cluster->second.end() ? nothing : found->second;
}

void ClusterRegistry::release(ClusterState& state) {
  const auto entry = entries_.find(state.name);
  if (--entry->second->uses > 0) return;
  close(*entry->second);
  entries_.erase(entry);
}

void ClusterRegistry::close(Entry& entry) {
  entry.watch.reset();
  on_all(reactors_, [slot = (*entry.state)->slot](LocalClusters& local) { local.close(slot); });
  entry.version->retire();
  for (const Entry::Endpoint& endpoint : entry.endpoints) endpoint.state->retire();
  entry.state->retire();
}

std::vector<ClusterRegistry::Listed> ClusterRegistry::list() const {
  std::vector<Listed> all;
  for (const auto& [name, entry] : entries_) {
    all.push_back({entry->state->get(), entry->version->get(), entry->dns_error});
  }
  return all;
}

ClusterState* ClusterRegistry::find(std::string_view name) const {
  const auto entry = entries_.find(name);
  return entry == entries_.end() ? nullptr : entry->second->state->get();
}

}  // namespace weir::upstream
