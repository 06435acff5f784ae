#include "config/model/named_matches.h"

#include "config/types/header_edits.h"

namespace weir::config::model {

bool check_named_matches(const NamedMatches& matches, std::string_view key, Reading& reading) {
  const auto step = reading.enter(key);
  bool ok = true;
  for (const auto& entry : matches) {
    const auto inner = reading.enter(entry.name);
    if (entry.value.empty() && !reading.unread(entry.where) && !reading.lacks_values()) {
      ok = reading.error(entry.where, "no value is listed: write { present: true } for any");
    }
  }
  return ok;
}

bool check_header_matches(const NamedMatches& matches, std::string_view key, Reading& reading) {
  bool ok = check_named_matches(matches, key, reading);
  const auto step = reading.enter(key);
  for (const auto& entry : matches) {
    const auto inner = reading.enter(entry.name);
    ok = check_header_name(entry.name, entry.where, reading) && ok;
  }
  return ok;
}

namespace {

// What begins with one $ is a directive.
std::string asked_name(const std::string& key) {
  return key.starts_with("$$") ? key.substr(1) : key;
}

}  // namespace

std::vector<route::NamedMatch> compiled_matches(const NamedMatches& matches, bool headers) {
  std::vector<route::NamedMatch> all;
  for (const auto& entry : matches) {
    const std::string name = asked_name(entry.name);
    all.push_back({headers ? lower_case(name) : name, config::compiled(entry.value)});
  }
  return all;
}

}  // namespace weir::config::model
