#include "config/model/open_redirect.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/base/quote.h"
#include "core/http/chars.h"

namespace weir::config::model {
namespace {

// A text taken apart: literals, and variables with their percent signs. It has been parsed, so that
// no percent sign is without the other one.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t inside = text.starts_with('%') ? 1 : 0;
    const std::size_t percent = std::min(text.find('%', inside), text.size());
    pieces.push_back(text.substr(0, percent + inside));
    text.remove_prefix(pieces.back().size());
  }
  return pieces;
}

// `%%` is none.
bool is_variable(std::string_view piece) {
  return piece.starts_with('%') && piece.size() > 2;
}

// What trusted proxies say is not the client's word; from others it is taken away.
bool client_writes(std::string_view piece) {
  constexpr std::string_view kHeader = "%header.";
  constexpr std::array<std::string_view, 3> kOfProxies = {"x-forwarded-", "x-real-ip%",
                                                          "forwarded%"};
  if (!piece.starts_with(kHeader)) {
    return piece.starts_with("%query.") || piece.starts_with("%cookie.");
  }
  std::string name(piece.substr(kHeader.size()));
  http::lower_case(name.data(), name.size());
  return std::none_of(kOfProxies.begin(), kOfProxies.end(),
                      [&name](std::string_view start) { return name.starts_with(start); });
}

// Whether what follows in the URL leads to no other host.
bool is_past_host(std::string_view url) {
  const std::size_t slashes = url.find("//");
  const bool names_host = slashes == 0 || (slashes != url.npos && slashes == url.find("://") + 1);
  if (names_host) return url.find_first_of("/?#", slashes + 2) != url.npos;
  return url.size() > 1 && url.find_first_of("/?#") != url.npos;
}

// Why `text` is one behind `url`, or nothing.
std::optional<std::string> why_open(std::string_view text, std::string url) {
  for (const std::string_view piece : pieces_of(text)) {
    if (is_past_host(url)) return std::nullopt;
    const bool path = piece == "%path%";
    if (url == "/" && (path || client_writes(piece))) {
      return clipped(piece) + (path ? " begins" : " is written by the client and may begin") +
             " with '/', and behind '//' stands a host: write { path: … }, which keeps the host";
    }
    if (client_writes(piece)) {
      return "the client writes " + clipped(piece) +
             ", which stands in front of the path: write the host out, or %host% for the one that "
             "was asked";
    }
    // Both bring the end of the host with them.
    if (path || piece == "%url%") return std::nullopt;
    url += is_variable(piece) ? "x" : piece;
  }
  return std::nullopt;
}

}  // namespace

void warn_if_open(std::string_view key, std::string_view text, std::string_view before,
                  Position where, Reading& reading) {
  const auto why = why_open(text, std::string(before));
  if (!why) return;
  reading.warning_below(
      key, where,
      "is an open redirect: " + reading.told(where, config_error(*why),
                                             "the client writes something in front of the path"));
}

}  // namespace weir::config::model
