#include "config/model/chain_match.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/types/header_edits.h"
#include "core/base/quote.h"
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

bool check_protocol(const Located<std::string>& protocol, Reading& reading) {
  constexpr std::size_t kLongest = 255;
  // What people write for what clients offer.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kMeant = {
      {{"http2", "h2"},
       {"http/2", "h2"},
       {"http/2.0", "h2"},
       {"http1", "http/1.1"},
       {"http/1", "http/1.1"},
       {"http1.1", "http/1.1"},
       {"http", "http/1.1"},
       {"h1", "http/1.1"}}};
  if (reading.unread(protocol.where)) return true;
  const std::string& text = protocol.value;
  if (text.empty()) return reading.error(protocol.where, "an empty protocol matches nothing");
  if (text.size() > kLongest) {
    return reading.error(protocol.where, "no protocol has more than 255 bytes");
  }
  const std::string lower = lower_case(text);
  for (const auto& [written, meant] : kMeant) {
    if (lower != written && lower != meant) continue;
    if (text == meant) return true;
    return reading.error(protocol.where, reading.quoted(protocol.where, text) +
                                             " is not what clients offer: write " +
                                             std::string(meant));
  }
  return true;
}

}  // namespace

bool ChainMatch::check_values(Reading& reading) const {
  bool ok = true;
  {
    const auto step = reading.enter("sni");
    for (const TextMatch& name : sni) ok = check_server_name(name, reading) && ok;
  }
  const auto step = reading.enter("alpn");
  for (const auto& protocol : alpn) ok = check_protocol(protocol, reading) && ok;
  return ok;
}

route::Match ChainMatch::compiled() const {
  route::Match match;
  match.client_ip = client_ip;
  match.sni = config::compiled(sni);
  for (route::TextMatch& name : match.sni) {
    if (name.kind != route::TextMatch::Kind::Regex) name.text = lower_case(name.text);
  }
  for (const auto& protocol : alpn) match.alpn.push_back(protocol.value);
  return match;
}

}  // namespace weir::config::model
