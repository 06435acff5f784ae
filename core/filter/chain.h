#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/filter/accept_filter.h"
#include "core/filter/connection_info.h"
#include "core/filter/http_filter.h"
#include "core/filter/http_settings.h"
#include "core/filter/network_filter.h"
#include "core/route/condition.h"
#include "core/route/match.h"
#include "core/route/route_table.h"

namespace weir::filter {

// One item of a list of HTTP filters, its settings those of the chain or of a route.
struct HttpFilterItem {
  std::string name;  // `name`, else the type
  std::unique_ptr<HttpFilterFactory> factory;
};

// The HTTP filters of a stream in order, for a chain with one of its routes. `order` of an entry
// is its place in the chain; what a route adds stands behind.
struct FilterList {
  struct Entry {
    const HttpFilterItem* item;
    std::uint32_t order;
  };
  std::vector<Entry> entries;
};

// The part of a chain from `http` on.
struct HttpChain {
  HttpSettings settings;
  std::vector<HttpFilterItem> items;  // of the chain, and those that routes bring
  FilterList filters;                 // when no route was chosen, or the route changes nothing
  // By route index, for routes that change the list; null elsewhere.
  std::vector<std::unique_ptr<FilterList>> by_route;
  const route::RouteTable* routes = nullptr;  // owned by the Snapshot; null without a router
  std::unique_ptr<HttpTerminalFactory> terminal;

  const FilterList& filters_for(const route::Route* route) const {
    if (route != nullptr && route->index < by_route.size() && by_route[route->index] != nullptr) {
      return *by_route[route->index];
    }
    return filters;
  }
};

struct NetworkFilterItem {
  std::string name;
  std::unique_ptr<NetworkFilterFactory> factory;
};

// What runs on a connection, compiled from one `chains:` item of a listener. Immutable; used by
// all workers; owned by its Snapshot.
struct Chain {
  std::string name;
  // Which connections: the words of a route's match that apply. Empty matches all. With `sni` or
  // `alpn`, none without a ClientHello.
  route::Match match;
  route::Condition condition;  // compiled from it
  std::vector<NetworkFilterItem> network_filters;
  std::unique_ptr<NetworkTerminalFactory> terminal;
  std::unique_ptr<HttpChain> http;  // with an `http` item
  // Equal in two Snapshots when everything below HTTP is equal, so that connections may stay.
  std::uint64_t connection_fingerprint = 0;

  bool asks_hello() const { return !match.sni.empty() || !match.alpn.empty(); }
};

// Whether a chain takes a connection.
enum class ChainFit : std::uint8_t { No, Yes, WaitsForHello };
ChainFit fit(const Chain& chain, const ConnectionInfo& info);

}  // namespace weir::filter
