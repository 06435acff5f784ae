#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/generation.h"
#include "core/net/resolver.h"
#include "core/upstream/cluster_state.h"
#include "core/upstream/cluster_table.h"
#include "core/upstream/cluster_version.h"
#include "core/upstream/dense_slots.h"

namespace weir::upstream {

// What an operator sets for one endpoint.
struct EndpointOverride {
  std::optional<EndpointMode> mode;
  std::optional<std::uint32_t> weight;

  bool empty() const { return !mode && !weight; }
};

// The clusters of the process by name: what stays over reloads (counters, endpoint states, pools,
// DNS answers) while a Snapshot names them. Belongs to the control thread.
//
// Shutting down: destroy the Snapshots, then this, while all reactors still take posts; run each
// worker's loop once more, then the control thread's.
class ClusterRegistry {
 public:
  // Told what is wrong with a cluster, such as a name that cannot be resolved.
  using Trouble = std::function<void(std::string text)>;

  // `resolver` may be null when no cluster has `dns` or `srv`. Both outlive the registry. Without
  // `trouble` what is wrong goes to the operational log.
  ClusterRegistry(const event::Reactors& reactors, net::Resolver* resolver, Trouble trouble = {});
  ~ClusterRegistry();
  ClusterRegistry(const ClusterRegistry&) = delete;
  ClusterRegistry& operator=(const ClusterRegistry&) = delete;

  // Links each cluster of `table` with its state, made when the name is new, and posts what changed
  // to all reactors. Call it before posting the Snapshot that has the table, and again to come back
  // to that Snapshot, which then changes nothing in the table. It takes effect for older Snapshots
  // too: a cluster has one specification at a time.
  void adopt(ClusterTable& table);

  // What an operator sets for one endpoint wins over its specification, also when the endpoint or
  // its cluster is gone for a while and comes back. An empty override ends it.
  void override_endpoint(const std::string& cluster, const std::string& endpoint,
                         const EndpointOverride& override);

  // For the admin pages and metrics.
  struct Listed {
    const ClusterState* state;
    const ClusterVersion* version;  // the newest; valid until the next turn
    std::string dns_error;          // of the last failed lookup; empty when the last was good
  };
  std::vector<Listed> list() const;
  // Null when no Snapshot names it.
  ClusterState* find(std::string_view name) const;

 private:
  friend class ClusterUse;
  struct Entry;

  void release(ClusterState& state);
  Entry& entry_of(const std::string& name);
  void follow_membership(Entry& entry);
  void set_endpoints(Entry& entry, const StaticEndpoints& endpoints);
  void publish(Entry& entry);
  // What is set for the endpoint of that address, or nothing.
  const EndpointOverride& override_of(const Entry& entry, const std::string& endpoint) const;
  void close(Entry& entry);

  const event::Reactors& reactors_;
  net::Resolver* resolver_;
  const Trouble trouble_;
  std::shared_ptr<DenseSlots> slots_ = std::make_shared<DenseSlots>();
  std::map<std::string, std::unique_ptr<Entry>, std::less<>> entries_;
  // By cluster, then by address.
  std::map<std::string, std::map<std::string, EndpointOverride>> overrides_;
};

}  // namespace weir::upstream
