#include <nlohmann/json.hpp>

#include "config/diagnostics.h"

namespace weir::config {

namespace {

using Json = nlohmann::ordered_json;

void put_place(Json& into, Position where, const Sources& sources) {
  if (where.source >= sources.size()) return;
  into["file"] = sources.name(where.source);
  if (where.line > 0) into["line"] = where.line;
  if (where.line > 0 && where.column > 0) into["column"] = where.column;
}

Json convert(const Diagnostic& diagnostic, const Sources& sources) {
  Json problem;
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
  return problem;
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string to_json(const Diagnostic& diagnostic, const Sources& sources) {
  return dump(convert(diagnostic, sources));
}

std::string to_json(const Diagnostics& diagnostics, const Sources& sources) {
  Json problems = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    problems.push_back(convert(diagnostic, sources));
  }
  Json all;
  all["errors"] = diagnostics.errors();
  all["warnings"] = diagnostics.warnings();
  all["dropped"] = diagnostics.dropped();
  all["problems"] = std::move(problems);
  return dump(all);
}

}  // namespace weir::config
