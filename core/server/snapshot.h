#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/log_level.h"
#include "core/base/log_output.h"
#include "core/base/log_target.h"
#include "core/filter/chain.h"
#include "core/filter/downstream.h"
#include "core/net/address.h"
#include "core/net/socket.h"
#include "core/route/route_table.h"
#include "core/server/overload_spec.h"
#include "core/upstream/cluster_table.h"

namespace weir::server {

// One item of `listeners:`.
struct ListenerSpec {
  // What a reload knows the listener by; several of one name have different addresses.
  std::string name;
  net::Address address;
  net::ListenOptions options;  // `sockets` is the server's to set
  std::uint32_t max_connections = 10'000;
  std::chrono::milliseconds peek_timeout{3'000};  // of accept filters and chain matches
  std::vector<filter::AcceptFilterItem> accept;
  std::vector<filter::Chain> chains;        // in written order, names unique; the first match wins
  std::optional<std::uint32_t> access_log;  // index into Snapshot::access_logs
  // How an error of its address begins, if known: "weir.yaml:3:14: error: listeners.web.address".
  std::string where;
};

// Where lines about exchanges go, and what they look like.
struct AccessLogSpec {
  std::string name;
  LogTarget::Kind target = LogTarget::Kind::Stdout;
  std::string path;              // of LogTarget::Kind::File
  std::string format;            // empty: JSON lines; else what LogFormat::parse() takes
  std::vector<std::string> add;  // to JSON lines
  std::string where;             // how an error of its path begins; may be empty
};

// `log:`: where the operational log goes, and how much is said.
struct OperationalLogSpec {
  LogSpec output;
  LogLevels levels{};
};

// `admin:`: pages for people and tools.
struct AdminSpec {
  std::optional<net::Address> address;  // read-only
  std::optional<net::Address> socket;   // a unix socket, for `weir ctl`
  // How errors of theirs begin, if known.
  std::string address_where;
  std::string socket_where;
};

// One configuration, complete and validated. Built on the builder thread, immutable from then on,
// shared by all workers, destroyed on the control thread when nobody uses it any more.
struct Snapshot {
  // Dropped when all else is destroyed: set by whoever waits for that.
  std::shared_ptr<void> kept_until_the_end;

  std::uint64_t number = 0;  // 1 is the first of the process
  unsigned workers = 1;      // at the start; a reload keeps the number there is
  std::vector<ListenerSpec> listeners;
  // HttpChain::routes points to these.
  std::vector<std::unique_ptr<route::RouteTable>> routes;
  // WeightedCluster::index and Mirror::cluster_index are those of this table.
  upstream::ClusterTable clusters;
  std::vector<AccessLogSpec> access_logs;
  // Of the process; nothing leaves it as it is.
  std::optional<OperationalLogSpec> log;
  AdminSpec admin;
  std::string state_file;  // keeps what operators set; empty: nothing does
  bool watch = false;      // whether it is read again when what it was read from changes
  std::chrono::milliseconds drain_timeout{30'000};
  // Of all listeners together; nothing: just under half of the descriptor limit.
  std::optional<std::uint32_t> max_connections;
  OverloadSpec overload;
  std::vector<std::string> flag_names;  // bit i of ChainHost::flags is flag_names[i]
  std::uint64_t flags = 0;              // those that are on unless an operator says otherwise
  std::vector<std::string> files;       // what it was read from
  std::string text;                     // what that came to, as YAML without secrets
  // The variables that it asked for, and what they were; nothing for those that are not set. Of
  // files, `file:PATH`, whatever changes with what is in them.
  std::map<std::string, std::optional<std::string>> variables;
};

}  // namespace weir::server
