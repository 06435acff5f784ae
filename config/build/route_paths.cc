#include "config/build/route_paths.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/base/arena.h"
#include "core/base/quote.h"

namespace weir::config {

namespace {

using PathOptions = std::vector<std::optional<http::PathOptions>>;

// What is wrong with a path for those who normalise by `options`; empty when nothing is.
std::string fault_of(std::string_view path, const http::PathOptions& options) {
  Arena arena;
  const http::NormalPath normal = http::normalize_path(path, options, arena);
  const std::string text = quote(path) + " matches no path: ";
  if (normal.error != nullptr) {
    return text + "requests with it are refused as " + std::string(normal.error->why);
  }
  if (normal.path == path) return {};
  return text + "they are normalised, write " + quote(normal.path);
}

class RoutePaths {
 public:
  RoutePaths(const PathOptions& chains, Reading& reading) : chains_(chains), reading_(reading) {}

  void check(const model::Match& match) {
    for (const TextMatch& path : match.path) {
      if (path.exact) check("path", *path.exact, path.where);
      if (!path.prefix) continue;
      // What stands behind the last slash need not be all of its segment.
      Located<std::string> whole = *path.prefix;
      whole.value.resize(whole.value.rfind('/') + 1);
      check("path", whole, path.where);
    }
    for (const auto& prefix : match.prefix) check("prefix", prefix, prefix.where);
  }

 private:
  void check(std::string_view key, const Located<std::string>& text, Position where) {
    const std::string_view path = text.value;
    // Reported where it was read.
    if (!path.starts_with('/') || path.find_first_of("?#") != path.npos) return;
    std::string fault;
    std::size_t faults = 0;
    for (const auto& options : chains_) {
      std::string of_chain = options ? fault_of(path, *options) : std::string();
      if (of_chain.empty()) continue;
      fault = std::move(of_chain);
      ++faults;
    }
    if (faults == 0) return;
    const bool everywhere = faults == chains_.size();
    fault = reading_.told(text.where, config_error(std::move(fault)),
                          "the value matches no path: they are normalised");
    if (!everywhere) fault = "in some of the chains that use these routes " + fault;
    reading_.diagnostics().add({everywhere ? Severity::Error : Severity::Warning, where,
                                reading_.path().below(key), std::move(fault)});
  }

  const PathOptions& chains_;
  Reading& reading_;
};

}  // namespace

void check_route_paths(Scope& scope, Reading& reading) {
  const auto step = reading.enter("routes");
  for (const auto& list : scope.route_lists()) {
    const auto inner = reading.enter(list->written.name);
    if (list->used && list->paths.empty()) continue;  // a chain of it could not be built
    // A list that nothing uses is judged by the defaults.
    if (list->paths.empty()) list->paths.emplace_back(http::PathOptions());
    RoutePaths paths(list->paths, reading);
    const std::vector<model::Route>& routes = list->written.value;
    for (std::size_t i = 0; i < routes.size(); ++i) {
      const auto of_route =
          routes[i].name.empty() ? reading.enter(i) : reading.enter(routes[i].name);
      const auto of_match = reading.enter("match");
      paths.check(routes[i].match);
    }
  }
}

}  // namespace weir::config
