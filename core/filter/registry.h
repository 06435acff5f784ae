#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/state_scope.h"
#include "core/filter/chain.h"

namespace weir::config {
class Node;
class Reading;
struct TypeInfo;
}  // namespace weir::config
namespace weir::upstream {
class ClusterTable;
}

namespace weir::filter {

// What a filter's configuration may refer to while a Snapshot is built. Builder thread.
class BuildScope {
 public:
  // Each reports an unknown name itself, with the nearest one that is known.
  virtual const route::RouteTable* routes(std::string_view name, const config::Node& at,
                                          config::Reading& reading) = 0;
  // The Snapshot's clusters, which outlive every filter of it.
  virtual const upstream::ClusterTable& clusters() = 0;
  // The place of a cluster among them.
  virtual std::optional<std::uint32_t> cluster(std::string_view name, const config::Node& at,
                                               config::Reading& reading) = 0;

 protected:
  ~BuildScope() = default;
};

// One kind of filter that a configuration can name; one name may stand for two types of different
// places. Exactly one `make_*` is set and says where it may stand; each takes the settings of an
// item, reports what is wrong with them, and then returns null. Builder thread.
struct FilterType {
  // What there is to know of the listener of an accept filter.
  struct Listener {
    net::Address address;
    std::uint64_t connections = 0;  // of all its addresses together, at most
    std::string connections_place;  // where that is written: " on line 9"; empty by default
  };

  std::string_view name;
  std::string_view doc;
  const config::TypeInfo& (*settings)();

  // The StateScope is where the filter keeps what outlives a Snapshot.
  std::unique_ptr<AcceptFilterFactory> (*make_accept)(const config::Node&, config::Reading&,
                                                      const StateScope&) = nullptr;
  std::unique_ptr<NetworkFilterFactory> (*make_network)(const config::Node&,
                                                        config::Reading&) = nullptr;
  std::unique_ptr<NetworkTerminalFactory> (*make_network_terminal)(const config::Node&,
                                                                   config::Reading&,
                                                                   BuildScope&) = nullptr;
  // What is risky about sound settings on that listener, and what to do; empty when nothing is. Of
  // accept filters.
  std::string (*risk)(const config::Node&, const Listener&) = nullptr;
  // The codec: fills in HttpChain::settings.
  std::unique_ptr<NetworkTerminalFactory> (*make_codec)(const config::Node&, config::Reading&,
                                                        HttpSettings&) = nullptr;
  std::unique_ptr<HttpFilterFactory> (*make_http)(const config::Node&, config::Reading&) = nullptr;
  // Fills in HttpChain::routes and `terminal`.
  bool (*make_http_terminal)(const config::Node&, config::Reading&, BuildScope&,
                             HttpChain&) = nullptr;
};

}  // namespace weir::filter
