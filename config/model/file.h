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
#include "config/model/cluster.h"
#include "config/model/listener.h"
#include "config/model/log.h"
#include "config/model/overload.h"
#include "config/model/request_test.h"
#include "config/model/route.h"
#include "config/schema.h"

namespace weir::config::model {

struct Admin {
  std::optional<Located<net::Address>> address;
  std::optional<Located<std::string>> socket;

  static constexpr std::string_view type_name = "admin";
  static constexpr auto fields =
      std::tuple{field("address", &Admin::address, "where the read-only pages are").or_off(),
                 field("socket", &Admin::socket, "the unix socket for `weir ctl`, of mode 0600")
                     .or_off()
                     .path()};
};

// A whole configuration.
struct File {
  std::optional<std::uint32_t> workers;
  Admin admin;
  std::optional<Located<std::string>> state_file;
  bool watch = false;
  Log log;
  AccessLog access_log;
  std::chrono::milliseconds drain_timeout = server::Snapshot{}.drain_timeout;
  std::optional<Located<std::uint32_t>> max_connections;
  Overload overload;
  Map<Listener> listeners;
  Map<std::vector<Route>> routes;
  Map<std::vector<FilterItem>> filter_sets;
  Map<Cluster> clusters;
  Map<bool> flags;
  std::vector<RequestTest> tests;

  static constexpr std::string_view type_name = "configuration";
  static constexpr std::string_view taken_before = "include";
  static constexpr auto fields = std::tuple{
      field("workers", &File::workers, "threads that serve; one for each core unless written")
          .range(1, 512)
          .waits_for("a restart"),
      field("admin", &File::admin, "pages for people and tools"),
      field("state_file", &File::state_file,
            "keeps what `weir ctl` sets over a restart, for one process at a time; nothing does "
            "unless written")
          .or_off()
          .path(),
      field("watch", &File::watch, "reads it all again when a file of the configuration changes"),
      field("log", &File::log, "what Weir says about itself"),
      field("access_log", &File::access_log, "a line for each exchange; off writes none"),
      field("drain_timeout", &File::drain_timeout,
            "how long streams may take to end at the end; who then waits gets a 503")
          .range(std::chrono::milliseconds(0), std::chrono::hours(24)),
      field("max_connections", &File::max_connections,
            "of all listeners together; never more than there are descriptors for, two for each; "
            "from "
            "80% of them who idles is closed")
          .at_least(1),
      field("overload", &File::overload,
            "what may be used: from 80% of it nothing idles, from 95% nothing new is begun; the "
            "event of its end comes after ten calm seconds"),
      field("listeners", &File::listeners, "where connections come in").required().is_name(),
      field("routes", &File::routes, "lists of routes, by name").keyed_by("name").is_name(),
      field("filter_sets", &File::filter_sets,
            "lists of filters, for `use` in chains and routes, and of accept filters for `accept`")
          .is_name(),
      field("clusters", &File::clusters, "who answers").is_name(),
      field("flags", &File::flags, "which flags of `match` are on; `weir ctl flag` wins over it")
          .is_name(),
      field("tests", &File::tests,
            "requests and what must come of them, for `weir test`; one that cannot be asked, as of "
            "a port that no listener has, is a warning of `weir check` and nothing to `weir run`")};

  // Does with the file that all layers have come to what none of them alone can tell.
  static void settle(Node& file, const FilterSchema& filters, Diagnostics& diagnostics);
  bool check(const Node& node, Reading& reading) const {
    const Node* const written = node.find("listeners");
    if (!listeners.empty() || written == nullptr || !reading.sound({"listeners"})) return true;
    return reading.error_below("listeners", written->where(),
                               "nothing would be served: write a listener");
  }
};

}  // namespace weir::config::model

namespace weir::config {

// Made once, in file.cc: it is all of the schema.
extern template const TypeInfo& type_info<model::File>();

}  // namespace weir::config
