#include "config/model/server_names.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "config/types/header_edits.h"
#include "core/tls/server_name.h"

namespace weir::config::model {
namespace {

// What no client sends as `name`, which may begin with "*."; nothing when one can.
std::string why_no_server_name(std::string_view name) {
  if (name.empty()) return "an empty name matches nothing";
  const bool star_first = name.starts_with("*.") || name == "*";
  if (name.find('*', star_first ? 1 : 0) != name.npos || name == "*.") {
    return "matches no name: a star is '*' alone or begins '*.'";
  }
  if (name == "*") return {};
  if (name.ends_with('.')) return "matches no name: those that clients send have no dot at the end";
  if (name.find_first_of("/@") != name.npos) return "is no server name: it is a host alone";
  const std::size_t colon = name.find(':');
  if (colon != name.npos) {
    return name.find(':', colon + 1) == name.npos
               ? "has a port: a server name has none"
               : "is an address: clients name none, match client_ip or leave sni out";
  }
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(name.begin(), name.end(), is_ascii)) {
    return "matches no name: clients send names in ASCII, write it as xn--…";
  }
  if (tls::normal_server_name(name.substr(name.starts_with("*.") ? 2 : 0))) return {};
  return "matches no name: clients that send it are refused";
}

bool check_server_name(const TextMatch& name, Reading& reading) {
  if (name.inverse) return check_server_name(*name.inverse, reading);
  if (!name.exact || reading.unread(name.exact->where)) return true;
  const Position where = name.exact->where;
  const std::string wrong = why_no_server_name(name.exact->value);
  if (wrong.empty()) return true;
  if (name.exact->value.empty()) return reading.error(where, wrong);
  return reading.error(where, reading.quoted(where, name.exact->value) + ' ' + wrong);
}

}  // namespace

bool check_server_names(const std::vector<TextMatch>& names, Reading& reading) {
  const auto step = reading.enter("sni");
  bool ok = true;
  for (const TextMatch& name : names) ok = check_server_name(name, reading) && ok;
  return ok;
}

std::vector<route::TextMatch> compiled_server_names(const std::vector<TextMatch>& names) {
  std::vector<route::TextMatch> all = config::compiled(names);
  for (route::TextMatch& name : all) {
    if (name.kind != route::TextMatch::Kind::Regex) name.text = lower_case(name.text);
  }
  return all;
}

}  // namespace weir::config::model
