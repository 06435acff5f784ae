#pragma once

#include <string>
#include <vector>

#include "config/build/fingerprint.h"
#include "config/build/http_filters.h"
#include "config/build/scope.h"
#include "config/model/listener.h"

namespace weir::config {

// Makes the accept filters and chains of listeners, and proves that every filter stands where it
// can work.
class ChainBuilder {
 public:
  ChainBuilder(const FilterTypes& types, FilterLists& lists, Scope& scope, StateRegistry& states,
               const Reading& reading)
      : types_(types), lists_(lists), scope_(scope), states_(states), reading_(reading) {}

  // `reading` is at the listener. What is wrong is reported, and what can be made is made.
  void build(const model::Listener& listener, Reading& reading, server::ListenerSpec& spec);

 private:
  // How far the list of a chain has come.
  enum class Stage : std::uint8_t { Accept, Network, Http, End };
  struct Building {
    server::ListenerSpec& spec;
    filter::Chain& chain;
    const KeyPath& path;  // of the list
    HttpFilters http;
    Fingerprint fingerprint;
    Stage stage;
    bool begins_listener = false;        // accept filters may stand first
    bool lacks_codec = false;            // no item is one
    bool uncertain = false;              // an item is unknown, and where others stand says nothing
    const ListedFilter* last = nullptr;  // the terminal, at Stage::End
  };

  void build_accept(const std::vector<FilterItem>& items, Reading& reading,
                    server::ListenerSpec& spec);
  void build_chain(const std::vector<FilterItem>& items, Stage first, Position where,
                   Reading& reading, server::ListenerSpec& spec, filter::Chain& chain);
  void add(const ListedFilter& listed, Building& building);
  // `list` is the path of the list in which it stands, also when it comes from a set.
  bool add_accept(const ListedFilter& listed, const KeyPath& list, server::ListenerSpec& spec);
  bool add_network(const ListedFilter& listed, Building& building);
  void add_codec(const ListedFilter& listed, const filter::FilterType& type, Building& building);
  bool add_http(const ListedFilter& listed, Building& building);
  // What layers added to a list.
  void check_added(const std::vector<ListedFilter>& filters, Reading& reading) const;
  void report_no_end(const std::vector<FilterItem>& items, Position where, Stage stage,
                     Reading& reading) const;
  void report_misplaced(const ListedFilter& listed, const Building& building) const;
  std::string misplaced(const ListedFilter& listed, const Building& building) const;
  // Whether a filter that a chain cannot do without is written with settings and on.
  bool check_needed(const ListedFilter& listed);
  bool at(const ListedFilter& listed, FilterPlace place) const {
    return types_.find(listed.type, place) != nullptr;
  }
  bool missing(const ListedFilter& listed, std::string message) const;
  bool report_no_type(const ListedFilter& listed) const;

  const FilterTypes& types_;
  FilterLists& lists_;
  Scope& scope_;
  StateRegistry& states_;
  const Reading& reading_;
  // Of the listener.
  const model::Listener* listener_ = nullptr;
  filter::LocalReplies replies_;
  FailedItems failed_;
};

}  // namespace weir::config
