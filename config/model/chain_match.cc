#include "config/model/chain_match.h"

#include <array>
#include <utility>

#include "config/model/server_names.h"
#include "config/types/header_edits.h"
#include "core/base/quote.h"

namespace weir::config::model {
namespace {

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
  bool ok = check_server_names(sni, reading);
  const auto step = reading.enter("alpn");
  for (const auto& protocol : alpn) ok = check_protocol(protocol, reading) && ok;
  return ok;
}

route::Match ChainMatch::compiled() const {
  route::Match match;
  match.client_ip = client_ip;
  match.sni = compiled_server_names(sni);
  for (const auto& protocol : alpn) match.alpn.push_back(protocol.value);
  return match;
}

}  // namespace weir::config::model
