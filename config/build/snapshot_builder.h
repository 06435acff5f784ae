#pragma once

#include <memory>
#include <optional>

#include "config/build/addresses.h"
#include "config/build/chain_builder.h"
#include "config/build/filter_list.h"
#include "config/build/scope.h"
#include "config/model/file.h"
#include "config/sources.h"
#include "core/server/snapshot.h"

namespace weir::config {

// Makes a Snapshot of a configuration that was read. Everything that is wrong is reported to
// `reading`; what was wrong already may be missing from `file`. Opens no sockets.
class SnapshotBuilder {
 public:
  // `states` is what filters keep over reloads; it outlives the Snapshot's building.
  SnapshotBuilder(const model::File& file, const Sources& sources, const FilterTypes& types,
                  StateRegistry& states, Reading& reading);

  // The Snapshot, number and files left out. Meaningless when there was a problem. Once.
  std::unique_ptr<server::Snapshot> build();
  // Of what was built.
  const Gaps& gaps() const { return scope_.gaps(); }

 private:
  void build_clusters();
  void build_listeners(ChainBuilder& chains);
  void build_listener(const Named<model::Listener>& named, ChainBuilder& chains);
  // Everything but name and address.
  void fill(const Named<model::Listener>& named, server::ListenerSpec& spec, ChainBuilder& chains);
  void build_process();
  void build_admin();
  void build_flags();
  server::OperationalLogSpec read_operational_log() const;
  // "weir.yaml:3:14: error: listeners.web.address", of `key` below `reading`.
  std::string how_errors_begin(Position where, std::string_view key, Reading& reading) const;
  // The log below `reading`; nothing when it is off.
  std::optional<server::AccessLogSpec> read_log(const model::AccessLog& written, std::string name,
                                                Reading reading);
  // Its index, shared with those that are the same.
  std::optional<std::uint32_t> place_log(const std::optional<server::AccessLogSpec>& spec);
  // What nothing leads to is made too, to see whether it is sound.
  void check_unused(FailedItems& failed);
  void check_settings(const ListedFilter& listed, FailedItems& failed);
  void report_unused();
  void report_switches_without_filter();
  std::string what_is_there(const RouteList& list, const ListedFilter& listed) const;

  const model::File& file_;
  const Sources& sources_;
  const FilterTypes& types_;
  StateRegistry& states_;
  Reading& reading_;
  std::unique_ptr<server::Snapshot> snapshot_;
  Scope scope_;
  FilterLists lists_;
  Addresses addresses_;
  std::optional<server::AccessLogSpec> log_;  // of the process
};

}  // namespace weir::config
