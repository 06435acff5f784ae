#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/filter_item.h"
#include "config/map.h"
#include "config/model/access_log.h"
#include "config/model/chain_match.h"
#include "config/model/match.h"
#include "config/schema.h"
#include "config/types/local_replies.h"
#include "config/types/network.h"
#include "core/server/snapshot.h"

namespace weir::config::model {

// One item of `chains:`.
struct Chain {
  std::string name;
  ChainMatch match;
  std::vector<FilterItem> filters;
  Position where;

  static constexpr std::string_view type_name = "chain";
  static constexpr auto fields = std::tuple{
      field("name", &Chain::name, "by which a reload knows it").required().is_name(),
      field("match", &Chain::match, "which connections; all without it"),
      field("filters", &Chain::filters, "what runs on them, in the order that data flows")
          .required()};

  static bool takes_all(const Node& node) { return matches_all(node); }
};

// One entry of `listeners:`.
struct Listener {
  std::vector<Located<net::Address>> address;
  std::uint32_t backlog = static_cast<std::uint32_t>(net::ListenOptions{}.backlog);
  bool freebind = net::ListenOptions{}.freebind;
  bool ipv6_only = net::ListenOptions{}.ipv6_only;
  Located<std::uint32_t> max_connections{server::ListenerSpec{}.max_connections, {}};
  std::chrono::milliseconds peek_timeout = server::ListenerSpec{}.peek_timeout;
  std::vector<FilterItem> accept;
  std::optional<std::vector<FilterItem>> filters;
  std::vector<Chain> chains;
  std::optional<AccessLog> access_log;
  std::optional<LocalReplies> local_replies;
  Position where;

  // Of an address that stays, a reload keeps the socket.
  static constexpr std::string_view kNewSocket = "a restart, or another address";

  static constexpr std::string_view type_name = "listener";
  static constexpr auto fields = std::tuple{
      field("address", &Listener::address, "where connections come in: one address or several")
          .one_or_many()
          .any_order()
          .required(),
      field("backlog", &Listener::backlog, "connections that wait to be accepted")
          .range(1, 65535)
          .waits_for(kNewSocket),
      field("freebind", &Listener::freebind, "listen on an address that is not here yet")
          .waits_for(kNewSocket),
      field("ipv6_only", &Listener::ipv6_only, "[::] does not take IPv4 too").waits_for(kNewSocket),
      field("max_connections", &Listener::max_connections, "open at once; more wait unaccepted")
          .at_least(1),
      field("peek_timeout", &Listener::peek_timeout,
            "how long accept filters and chain matches may wait for bytes")
          .range(std::chrono::milliseconds(1), std::chrono::minutes(10)),
      field("accept", &Listener::accept, "accept filters, before a chain is chosen"),
      field("filters", &Listener::filters,
            "one chain for everything; accept filters may stand first")
          .one_of("chain"),
      field("chains", &Listener::chains, "several chains; the first that matches is used")
          .keyed_by("name")
          .one_of("chain"),
      field("access_log", &Listener::access_log, "in place of that of the process"),
      field("local_replies", &Listener::local_replies, "what Weir's own answers look like")};

  // Where one layer writes `filters` and the other `chains`, the first are the chain `default`, and
  // the accept filters that begin them are those of the listener; these also where `accept` of the
  // upper layer means one of them.
  static void align(Node& lower, Node& upper, const FilterSchema& filters,
                    Diagnostics& diagnostics);
  // The same of the sets of `filter_sets` that begin those, when all layers have come together and
  // it is known what is in them.
  static void move_sets(Node& listener, const Node& sets, const FilterSchema& filters,
                        Diagnostics& diagnostics);
  bool check(const Node& node, Reading& reading) const;
};

}  // namespace weir::config::model
