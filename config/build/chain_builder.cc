#include "config/build/chain_builder.h"

#include <algorithm>
#include <utility>

#include "config/build/written_match.h"
#include "config/filter_item.h"
#include "core/base/quote.h"
#include "core/route/shadow.h"

namespace weir::config {

namespace {

// A chain as it is written and as it is made.
struct WrittenChain {
  const model::Chain& written;
  const filter::Chain& made;

  bool hides(const filter::Chain& later) const {
    return covers(made.match, made.condition, later.match);
  }
  // Of what the chain that it hides matches.
  std::string_view hidden_connections() const {
    if (made.asks_hello()) return "every connection that it matches";
    return made.match.client_ip.empty() ? "every connection" : "every connection of its clients";
  }
};

// `reading` is at the chain, which is in `list`.
void warn_if_hidden(const WrittenChain& chain, const std::vector<WrittenChain>& before,
                    const KeyPath& list, Reading& reading) {
  const auto over = std::find_if(before.begin(), before.end(),
                                 [&](const WrittenChain& one) { return one.hides(chain.made); });
  if (over == before.end()) return;
  Diagnostics& diagnostics = reading.diagnostics();
  const std::size_t kept = diagnostics.kept();
  const std::string& over_name = over->written.name;
  const std::string name = over_name.empty() ? std::string() : quote(over_name) + ' ';
  const Position where = chain.written.where;
  reading.warning(where, "is never chosen: the chain " + name +
                             reading.named_place(over->written.where, where) +
                             " stands before it and matches " +
                             std::string(over->hidden_connections()));
  diagnostics.involve(kept, reading.path().text());
  diagnostics.involve(kept, list.below(over_name));
}

// `reading` is at the chain.
void set_match(const model::Chain& written, bool lacks_match, Reading& reading,
               filter::Chain& chain) {
  chain.match = written.match.compiled();
  note_written(chain.match, reading);
  if (lacks_match) chain.match.client_ip.emplace_back();  // nobody's
  auto condition = route::Condition::compile(chain.match, {}, 0);
  if (condition) {
    chain.condition = *std::move(condition);
  } else {
    reading.error_below("match", written.match.where, condition.error().message);
  }
}

void add_match(const route::Match& match, Fingerprint& fingerprint) {
  for (const net::Cidr& block : match.client_ip) fingerprint.add(block.to_string());
  for (const route::TextMatch& name : match.sni) {
    fingerprint.add(name.inverted ? "sni not" : "sni");
    fingerprint.add(std::to_string(static_cast<int>(name.kind)));
    fingerprint.add(name.text);
  }
  for (const std::string& protocol : match.alpn) {
    fingerprint.add("alpn");
    fingerprint.add(protocol);
  }
}

// What switches a filter on or off; else the filter.
Position switched_at(const Node& item) {
  if (const Node* enabled = item.find("enabled")) return enabled->where();
  const NodeEntry* const type = filter_type(item);
  return type != nullptr && type->value.is_scalar() ? type->value.where() : item.where();
}

}  // namespace

// Something is missing that may be in a lower layer.
bool ChainBuilder::missing(const ListedFilter& listed, std::string message) const {
  Reading inside = reading_.at(listed.path);
  const std::size_t before = inside.diagnostics().kept();
  inside.error(listed.where(), std::move(message));
  inside.diagnostics().suggest(before);
  return false;
}

bool ChainBuilder::report_no_type(const ListedFilter& listed) const {
  const std::string of_set = lists_.hint_of_set(listed.name);
  return missing(listed, "names a filter that is not there" +
                             (of_set.empty() ? ": write its type too" : "; " + of_set));
}

// A filter that a layer adds to a list, and that most likely was meant to change one which is
// there.
void ChainBuilder::check_added(const std::vector<ListedFilter>& filters, Reading& reading) const {
  Diagnostics& diagnostics = reading.diagnostics();
  for (const ListedFilter& listed : filters) {
    if (listed.broken || listed.type.empty() || !diagnostics.is_added(listed.where())) continue;
    if (listed.changes != nullptr) continue;
    std::vector<const ListedFilter*> same_type;
    for (const ListedFilter& other : filters) {
      if (&other != &listed && other.type == listed.type) same_type.push_back(&other);
    }
    const ListedFilter* const meant = same_type.size() == 1 ? same_type.front() : nullptr;
    if (!listed.settings && !listed.enabled.value_or(true)) {
      if (meant != nullptr) {
        diagnostics.set_meant(listed.where(), meant->name, meant->where());
      }
      missing(listed, "there is no filter " + quote(listed.name) + " below to switch off");
    } else if (listed.name == listed.type && meant != nullptr && meant->of_set == nullptr &&
               !diagnostics.is_added(meant->where())) {
      reading_.at(listed.path)
          .warning(listed.where(), "is a second filter of this type, beside " + quote(meant->name) +
                                       ' ' + reading.named_place(meant->where(), listed.where()) +
                                       ": to change that one write name: " + meant->name +
                                       " here, else give this one a name of its own");
    }
  }
}

void ChainBuilder::build(const model::Listener& listener, Reading& reading,
                         server::ListenerSpec& spec) {
  listener_ = &listener;
  replies_ = {};
  if (listener.local_replies) {
    const auto step = reading.enter("local_replies");
    auto replies = listener.local_replies->compiled(reading);
    if (replies) replies_ = *std::move(replies);
  }
  build_accept(listener.accept, reading, spec);
  Gaps& gaps = scope_.gaps();
  gaps.ports =
      gaps.ports || reading.lacks_some() || !reading.sound({"address", "accept", "filters"});
  if (!listener.filters && listener.chains.empty()) {
    gaps.chains = true;
    return;
  }
  if (listener.filters) {
    filter::Chain& chain = spec.chains.emplace_back();
    chain.name = "default";
    const auto step = reading.enter("filters");
    build_chain(*listener.filters, Stage::Accept, listener.where, reading, spec, chain);
    return;
  }
  const auto step = reading.enter("chains");
  const KeyPath list = reading.path();
  std::vector<WrittenChain> before;
  spec.chains.reserve(listener.chains.size());
  for (const model::Chain& written : listener.chains) {
    const auto index = static_cast<std::size_t>(&written - listener.chains.data());
    const auto inner = written.name.empty() ? reading.enter(index) : reading.enter(written.name);
    const bool lacks_match = reading.lacks_match(written.where, written.match.where);
    const bool has_place = !lacks_match && !reading.diagnostics().is_unplaced(written.where);
    filter::Chain& chain = spec.chains.emplace_back();
    chain.name = written.name;
    set_match(written, lacks_match, reading, chain);
    if (has_place) warn_if_hidden({written, chain}, before, list, reading);
    {
      const auto filters = reading.enter("filters");
      build_chain(written.filters, Stage::Network, written.where, reading, spec, chain);
    }
    const bool known =
        has_place && !reading.diagnostics().is_meant_otherwise(reading.path().text());
    if (known) before.push_back({written, chain});
  }
}

void ChainBuilder::build_accept(const std::vector<FilterItem>& items, Reading& reading,
                                server::ListenerSpec& spec) {
  const auto step = reading.enter("accept");
  std::vector<ListedFilter> filters;
  if (!lists_.read(items, reading, filters)) scope_.gaps().chains = true;
  check_names(filters, reading);
  check_added(filters, reading);
  for (const ListedFilter& listed : filters) {
    if (listed.broken) continue;
    if (listed.type.empty()) {
      report_no_type(listed);
    } else if (at(listed, FilterPlace::Accept)) {
      add_accept(listed, reading.path(), spec);
    } else {
      report_place(listed, reading_,
                   quote(listed.type) + " is no accept filter: it stands in filters");
    }
  }
}

void ChainBuilder::build_chain(const std::vector<FilterItem>& items, Stage first, Position where,
                               Reading& reading, server::ListenerSpec& spec, filter::Chain& chain) {
  std::vector<ListedFilter> filters;
  if (!lists_.read(items, reading, filters)) scope_.gaps().chains = true;
  check_added(filters, reading);
  Building building{spec, chain, reading.path(), HttpFilters(types_, reading_, failed_), {}, first};
  building.begins_listener = first == Stage::Accept;
  building.lacks_codec = std::none_of(filters.begin(), filters.end(), [this](const auto& listed) {
    return at(listed, FilterPlace::Codec);
  });
  for (const ListedFilter& listed : filters) add(listed, building);
  check_names(filters, reading);
  const bool unread = items.empty() && reading.diagnostics().is_unread(reading.path().text());
  if (!unread && !building.uncertain && building.stage != Stage::End) {
    report_no_end(items, where, building.stage, reading);
  }
  if (building.last == nullptr || failed_.contains(building.last->item)) {
    scope_.gaps().chains = true;
  }
  add_match(chain.match, building.fingerprint);
  chain.connection_fingerprint = building.fingerprint.value();
  if (chain.http != nullptr) building.http.move_to(*chain.http);
}

// `where` is that of the chain. A layer that deletes what ended it is told so.
void ChainBuilder::report_no_end(const std::vector<FilterItem>& items, Position where, Stage stage,
                                 Reading& reading) const {
  Diagnostics& diagnostics = reading.diagnostics();
  const std::size_t before = diagnostics.kept();
  Position deleted;
  if (!items.empty()) where = items.back().node.where();
  for (const std::string_view type : {"router", "tcp_proxy"}) {
    if (!deleted.known()) deleted = diagnostics.deleted_at(reading.path().below(type));
  }
  if (deleted.known()) where = deleted;
  reading.error(where, stage == Stage::Http
                           ? "the chain has no end: router must stand last"
                           : "the chain has no end: tcp_proxy must stand last, or http and router");
  diagnostics.suggest(before);
  if (!deleted.known()) diagnostics.involve(before, reading.path().text());
}

void ChainBuilder::add(const ListedFilter& listed, Building& building) {
  if (listed.broken) failed_.insert(listed.item);
  if (listed.type.empty()) {
    if (!listed.broken) report_no_type(listed);
    building.uncertain = true;
    return;
  }
  if (building.stage == Stage::Accept) {
    if (at(listed, FilterPlace::Accept)) {
      add_accept(listed, building.path, building.spec);
      return;
    }
    building.stage = Stage::Network;
  }
  const bool fits = building.stage == Stage::Network ? add_network(listed, building)
                    : building.stage == Stage::Http  ? add_http(listed, building)
                                                     : false;
  if (fits || building.uncertain) return;
  report_misplaced(listed, building);
  // The end is there, if in the wrong place.
  building.uncertain =
      at(listed, FilterPlace::NetworkTerminal) || at(listed, FilterPlace::HttpTerminal);
}

bool ChainBuilder::add_accept(const ListedFilter& listed, const KeyPath& list,
                              server::ListenerSpec& spec) {
  if (!listed.settings || failed_.contains(listed.item)) return false;
  const filter::FilterType* type = types_.find(listed.type, FilterPlace::Accept);
  Reading inside = reading_.at(listed.path);
  const StateScope states(states_, list.below(listed.name));
  auto factory = type->make_accept(*listed.settings, inside, states);
  if (factory == nullptr) {
    failed_.insert(listed.item);
    return false;
  }
  if (!listed.enabled.value_or(true)) return true;
  if (type->risk != nullptr) {
    const Located<std::uint32_t>& most = listener_->max_connections;
    const std::string place =
        most.where.known() ? ' ' + reading_.named_place(most.where, listed.where()) : std::string();
    std::string risk =
        type->risk(*listed.settings,
                   {spec.address, std::uint64_t{most.value} * listener_->address.size(), place});
    if (!risk.empty()) inside.warning(listed.where(), std::move(risk));
  }
  spec.accept.push_back({listed.name, std::move(factory)});
  return true;
}

// False when it has no place here.
bool ChainBuilder::add_network(const ListedFilter& listed, Building& building) {
  filter::Chain& chain = building.chain;
  Reading inside = reading_.at(listed.path);
  if (const auto* type = types_.find(listed.type, FilterPlace::Network)) {
    if (!listed.settings || failed_.contains(listed.item)) return true;
    auto factory = type->make_network(*listed.settings, inside);
    if (factory == nullptr) {
      failed_.insert(listed.item);
    } else if (listed.enabled.value_or(true)) {
      building.fingerprint.add(listed.name);
      building.fingerprint.add(listed.type);
      building.fingerprint.add(*listed.settings, inside);
      chain.network_filters.push_back({listed.name, std::move(factory)});
    }
    return true;
  }
  if (const auto* type = types_.find(listed.type, FilterPlace::Codec)) {
    building.stage = Stage::Http;
    if (check_needed(listed)) add_codec(listed, *type, building);
    return true;
  }
  const auto* type = types_.find(listed.type, FilterPlace::NetworkTerminal);
  if (type == nullptr) return false;
  building.stage = Stage::End;
  building.last = &listed;
  if (!check_needed(listed) || failed_.contains(listed.item)) return true;
  chain.terminal = type->make_network_terminal(*listed.settings, inside, scope_);
  if (chain.terminal == nullptr) {
    failed_.insert(listed.item);
    return true;
  }
  building.fingerprint.add(listed.type);
  building.fingerprint.add(*listed.settings, inside);
  return true;
}

void ChainBuilder::add_codec(const ListedFilter& listed, const filter::FilterType& type,
                             Building& building) {
  if (failed_.contains(listed.item)) return;
  filter::Chain& chain = building.chain;
  chain.http = std::make_unique<filter::HttpChain>();
  chain.http->settings.local_replies = replies_;
  Reading inside = reading_.at(listed.path);
  chain.terminal = type.make_codec(*listed.settings, inside, chain.http->settings);
  if (chain.terminal == nullptr) {
    failed_.insert(listed.item);
    return;
  }
  building.fingerprint.add(listed.type);
  building.fingerprint.add(*listed.settings, inside);
}

bool ChainBuilder::add_http(const ListedFilter& listed, Building& building) {
  if (at(listed, FilterPlace::Http)) {
    building.http.add(listed);
    return true;
  }
  const auto* type = types_.find(listed.type, FilterPlace::HttpTerminal);
  if (type == nullptr) return false;
  building.stage = Stage::End;
  building.last = &listed;
  if (!check_needed(listed) || failed_.contains(listed.item)) return true;
  // Its settings are checked even when those of `http` are at fault.
  filter::HttpChain aside;
  filter::HttpChain& chain = building.chain.http != nullptr ? *building.chain.http : aside;
  Reading inside = reading_.at(listed.path);
  if (!type->make_http_terminal(*listed.settings, inside, scope_, chain)) {
    failed_.insert(listed.item);
    return true;
  }
  RouteList* routes = scope_.list_of(chain.routes);
  if (routes == nullptr) return true;
  const filter::HttpSettings& settings = chain.settings;
  routes->paths.push_back(settings.normalize_path ? std::optional(settings.path) : std::nullopt);
  const net::Address& address = building.spec.address;
  if (address.port() != 0) routes->ports.insert(address.port());
  if (!building.spec.accept.empty() || (address.is_ip() && address.port() == 0)) {
    routes->any_port = true;
  }
  const bool takes_all = building.chain.match.client_ip.empty() && !building.chain.asks_hello();
  if (takes_all) routes->addresses.push_back(address);
  building.http.add_routes(*routes);
  return true;
}

bool ChainBuilder::check_needed(const ListedFilter& listed) {
  if (listed.broken || (listed.settings && listed.enabled.value_or(true))) return true;
  return reading_.at(listed.path)
      .error(switched_at(*listed.item), quote(listed.type) +
                                            " cannot be switched off: the chain ends in nothing "
                                            "without it");
}

// A layer that deletes `http`, or else changes the list, may be the cause.
void ChainBuilder::report_misplaced(const ListedFilter& listed, const Building& building) const {
  Reading reading = reading_;
  Diagnostics& diagnostics = reading.diagnostics();
  const std::size_t before = diagnostics.kept();
  std::string message = misplaced(listed, building);
  Position deleted;
  if (building.stage == Stage::Network) {
    deleted = diagnostics.deleted_at(building.path.below("http"));
  }
  if (deleted.known()) {
    message += "; http is deleted " + reading_.named_place(deleted, listed.stands_at());
  }
  report_place(listed, reading_, message);
  if (building.lacks_codec) diagnostics.suggest(before);
  if (!deleted.known()) diagnostics.involve(before, building.path.text());
}

std::string ChainBuilder::misplaced(const ListedFilter& listed, const Building& building) const {
  const std::string name = quote(listed.type);
  const bool accept = at(listed, FilterPlace::Accept);
  const bool http = at(listed, FilterPlace::Http) || at(listed, FilterPlace::HttpTerminal);
  const char* const accept_place =
      building.begins_listener
          ? " is an accept filter: it stands before all others, or in accept of the listener"
          : (listed.of_set == nullptr
                 ? " is an accept filter: it stands in accept of the listener"
                 : " is an accept filter: use a set of those alone in accept of the listener");
  if (building.stage == Stage::End) {
    return "nothing may stand behind " + quote(building.last->type) + ", which ends the chain";
  }
  if (building.stage == Stage::Http) {
    if (at(listed, FilterPlace::Codec)) return name + " stands twice in one chain";
    return name + (accept ? accept_place : " works on bytes: it stands before http");
  }
  if (accept && http) return name + " stands in accept of the listener, or behind http";
  if (accept) return name + accept_place;
  return name + " works on requests: it stands behind http";
}

}  // namespace weir::config
