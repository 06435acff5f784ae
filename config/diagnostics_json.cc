#include <nlohmann/json.hpp>

#include "config/diagnostics.h"

namespace weir::config {

namespace {

void put_place(nlohmann::ordered_json& into, Position where, const Sources& sources) {
  if (where.source >= sources.size()) return;
  into["file"] = sources.name(where.source);
  if (where.line > 0) into["line"] = where.line;
  if (where.line > 0 && where.column > 0) into["column"] = where.column;
}

}  // namespace

std::string to_json(const Diagnostics& diagnostics, const Sources& sources) {
  nlohmann::ordered_json problems = nlohmann::ordered_json::array();
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    nlohmann::ordered_json problem;
    problem["severity"] = name_of(diagnostic.severity);
    put_place(problem, diagnostic.where, sources);
    if (!diagnostic.path.empty()) problem["path"] = diagnostic.path;
    problem["message"] = diagnostic.message;
    if (diagnostic.overridden.known())
      put_place(problem["overridden"], diagnostic.overridden, sources);
    if (diagnostic.meant_where.known()) {
      problem["meant"]["name"] = diagnostic.meant;
      put_place(problem["meant"], diagnostic.meant_where, sources);
    }
    for (const Position other : diagnostic.together) {
      put_place(problem["together"].emplace_back(), other, sources);
    }
    problems.push_back(std::move(problem));
  }
  nlohmann::ordered_json all;
  all["errors"] = diagnostics.errors();
  all["warnings"] = diagnostics.warnings();
  all["dropped"] = diagnostics.dropped();
  all["problems"] = std::move(problems);
  return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace weir::config
