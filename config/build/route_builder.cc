#include "config/build/route_builder.h"

#include <algorithm>
#include <utility>

#include "config/build/written_match.h"
#include "config/values.h"
#include "core/base/quote.h"

namespace weir::config {

namespace {

constexpr std::size_t kMostFlags = 64;
// So many routes may be tried for one request before that is worth a word.
constexpr std::size_t kLongRun = 100;

// Routes without a name go by their number.
std::string name_of(const model::Route& route, std::size_t index) {
  return route.name.empty() ? "#" + std::to_string(index + 1) : route.name;
}

}  // namespace

void RouteBuilder::build(const Map<std::vector<model::Route>>& written,
                         server::Snapshot& snapshot) {
  const auto step = reading_.enter("routes");
  bool lacking = reading_.lacks_some();
  flags_ok_ = collect_flags(written, snapshot.flag_names);
  for (const auto& entry : written) {
    const auto inner = reading_.enter(entry.name);
    lacking = lacking || reading_.lacks_some();
    RouteList& list = scope_.add_routes(entry);
    auto table = build_list(list, snapshot.flag_names);
    if (table == nullptr || !flags_ok_) continue;
    list.table = table.get();
    snapshot.routes.push_back(std::move(table));
  }
  Gaps& gaps = scope_.gaps();
  if (lacking) gaps.matches = gaps.targets = gaps.route_filters = true;
}

bool RouteBuilder::collect_flags(const Map<std::vector<model::Route>>& written,
                                 std::vector<std::string>& names) {
  for (const auto& list : written) {
    for (const model::Route& route : list.value) {
      for (const auto& flag : route.match.flag) {
        if (std::find(names.begin(), names.end(), flag.value) != names.end()) continue;
        if (names.size() == kMostFlags) {
          return reading_.error(flag.where, reading_.quoted(flag.where, flag.value) +
                                                " is one flag too many: " +
                                                std::to_string(kMostFlags) + " are possible");
        }
        names.push_back(flag.value);
      }
    }
  }
  return true;
}

KeyPath::Step RouteBuilder::enter(const model::Route& route, std::size_t index) {
  return route.name.empty() ? reading_.enter(index) : reading_.enter(route.name);
}

std::unique_ptr<route::RouteTable> RouteBuilder::build_list(
    RouteList& list, const std::vector<std::string>& flag_names) {
  const std::vector<model::Route>& written = list.written.value;
  std::vector<route::Route> routes(written.size());
  list.filters.resize(written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    routes[i].name = name_of(written[i], i);
    routes[i].where = reading_.place(written[i].where);
    {
      const auto step = enter(written[i], i);
      build_route(written[i], routes[i]);
      if (!read_filters(written[i], list.filters[i])) scope_.gaps().route_filters = true;
      note_gaps(written[i]);
    }
    if (is_unsure(list, i)) leave_out(list, i, routes[i]);
  }
  if (written.empty() && !reading_.diagnostics().is_unread(reading_.path().text())) {
    const std::size_t before = reading_.diagnostics().kept();
    reading_.warning(list.written.where, "has no routes: every request is answered 404");
    reading_.diagnostics().involve(before, reading_.path().text());
  }
  auto table = route::RouteTable::compile(list.written.name, routes, flag_names);
  if (!table && flags_ok_) {
    report_each(list, routes, flag_names);
    table = route::RouteTable::compile(list.written.name, std::move(routes), flag_names);
  }
  return table ? std::move(table).value() : nullptr;
}

void RouteBuilder::note_gaps(const model::Route& written) {
  const bool lacking = reading_.unread(written.where) || reading_.lacks_some();
  Gaps& gaps = scope_.gaps();
  gaps.targets = gaps.targets || lacking || !reading_.sound({"cluster", "mirror"});
  gaps.route_filters = gaps.route_filters || lacking || !reading_.sound({"filters"});
}

// Nothing is matched by a route that may match something else than what was read.
void RouteBuilder::leave_out(RouteList& list, std::size_t index, route::Route& route) const {
  route.match = {};
  route.match.paths.emplace_back();
  list.first_unsure = std::min(list.first_unsure, index);
  scope_.gaps().matches = true;
}

// One by one, so that every route that does not compile is named. They are left out.
void RouteBuilder::report_each(RouteList& list, std::vector<route::Route>& routes,
                               const std::vector<std::string>& flag_names) {
  const std::vector<model::Route>& written = list.written.value;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const auto alone = route::RouteTable::compile(list.written.name, {routes[i]}, flag_names);
    if (alone) continue;
    const auto step = enter(written[i], i);
    const Position where =
        written[i].match.where.known() ? written[i].match.where : written[i].where;
    reading_.error_below("match", where, alone.error().message);
    leave_out(list, i, routes[i]);
  }
}

void RouteBuilder::report_shadows() {
  const auto step = reading_.enter("routes");
  for (const auto& list : scope_.route_lists()) {
    const auto inner = reading_.enter(list->written.name);
    if (list->table != nullptr) report_shadows(*list, *list->table);
  }
}

void RouteBuilder::report_shadows(const RouteList& list, const route::RouteTable& table) {
  const std::vector<model::Route>& written = list.written.value;
  Diagnostics& diagnostics = reading_.diagnostics();
  for (const auto& [hidden, by] : table.shadowed()) {
    if (is_unsure(list, by->index) || is_unsure(list, hidden->index)) continue;
    const std::size_t before = diagnostics.kept();
    {
      const auto step = enter(written[hidden->index], hidden->index);
      const Position where = written[hidden->index].where;
      reading_.warning(where, "is never chosen: " + quote(by->name) + " " +
                                  reading_.named_place(written[by->index].where, where) +
                                  " stands before it and matches everything that it matches");
    }
    for (const std::size_t index : {hidden->index, by->index}) {
      const auto step = enter(written[index], index);
      diagnostics.involve(before, reading_.path().text());
    }
  }
}

// Whether what the route matches is not all here, or could not be read.
bool RouteBuilder::lacks_match(const RouteList& list, std::size_t index) {
  const model::Route& route = list.written.value[index];
  if (!route.where.known()) return true;
  const auto step = enter(route, index);
  return reading_.lacks_match(route.where, route.match.where);
}

// Whether the route may match something else, or stand elsewhere, when what is wrong is mended.
bool RouteBuilder::is_unsure(const RouteList& list, std::size_t index) {
  return lacks_match(list, index) ||
         reading_.diagnostics().is_unplaced(list.written.value[index].where);
}

void RouteBuilder::report_runs() {
  const auto step = reading_.enter("routes");
  for (const auto& list : scope_.route_lists()) {
    if (list->table == nullptr) continue;
    const auto run = list->table->longest_run();
    if (run.size() <= kLongRun) continue;
    const auto inner = reading_.enter(list->written.name);
    const model::Route& first = list->written.value[run.front()];
    const auto of_route = enter(first, run.front());
    reading_.warning(
        first.where,
        "is the first of " + std::to_string(run.size()) +
            " routes that are tried one after the other for each request: tell them apart by an "
            "exact host or path, a prefix, a method, or an exact header, query parameter or "
            "cookie");
  }
}

bool RouteBuilder::build_route(const model::Route& written, route::Route& route) {
  route.match = written.match.compiled();
  note_written(route.match, reading_);
  bool ok = set_action(written, route);
  if (written.rewrite && !set_rewrite(*written.rewrite, route)) ok = false;
  if (written.request_headers) route.request_headers = written.request_headers->compiled();
  if (written.response_headers) route.response_headers = written.response_headers->compiled();
  if (!set_mirrors(written, route)) ok = false;
  set_timeouts(written, route);
  route.upgrades.clear();
  for (const auto& protocol : written.upgrade) {
    if (!is_off(protocol.value)) route.upgrades.push_back(lower_case(protocol.value));
  }
  return ok;
}

bool RouteBuilder::set_action(const model::Route& written, route::Route& route) {
  if (written.cluster) {
    const auto step = reading_.enter("cluster");
    auto to = written.cluster->compiled(scope_, reading_);
    if (!to) return false;
    route.action = *std::move(to);
  } else if (written.redirect) {
    const auto step = reading_.enter("redirect");
    auto to = written.redirect->compiled(reading_);
    if (!to) return false;
    route.action = *std::move(to);
  } else if (written.respond) {
    const auto step = reading_.enter("respond");
    auto answer = written.respond->compiled(reading_);
    if (!answer) return reading_.offline();
    route.action = *std::move(answer);
  }
  return true;
}

bool RouteBuilder::set_rewrite(const model::Rewrite& written, route::Route& route) {
  const auto step = reading_.enter("rewrite");
  bool ok = true;
  route.rewrite =
      model::PathChange{written.prefix, written.regex, written.substitution}.compiled(reading_, ok);
  if (written.host) route.rewrite_host = written.host->value.text;
  return ok;
}

void RouteBuilder::set_timeouts(const model::Route& written, route::Route& route) {
  constexpr route::Milliseconds kNone{0};
  route.timeout = written.timeout.value_or(kNone);
  route.idle_timeout = written.idle_timeout.value_or(kNone);
  route.total_timeout = written.total_timeout.value_or(kNone);
  if (written.retry) route.retry = written.retry->compiled();
}

bool RouteBuilder::set_mirrors(const model::Route& written, route::Route& route) {
  const auto step = reading_.enter("mirror");
  bool ok = true;
  for (const model::Mirror& mirror : written.mirror) {
    const auto& [name, where] = mirror.cluster;
    if (!where.known() || reading_.unread(where)) {
      ok = false;
      continue;
    }
    if (is_off(name) && !scope_.has_cluster(name)) {
      ok = reading_.error(where,
                          "there is no cluster " + quote(name) + reading_.in_place_of_off(where));
      continue;
    }
    const auto index = find_cluster(name, where, scope_, reading_);
    if (!index) ok = false;
    route.mirrors.push_back({name, index.value_or(0), mirror.percent.value});
  }
  return ok;
}

bool RouteBuilder::read_filters(const model::Route& written, std::vector<ListedFilter>& filters) {
  const auto step = reading_.enter("filters");
  bool ok = lists_.read(written.filters, reading_, filters);
  if (!check_names(filters, reading_)) ok = false;
  for (const ListedFilter& filter : filters) {
    if (filter.broken || filter.type.empty() ||
        types_.find(filter.type, FilterPlace::Http) != nullptr)
      continue;
    ok = report_place(filter, reading_,
                      quote(filter.type) + " is no HTTP filter: a route has no place for it");
  }
  return ok;
}

}  // namespace weir::config
