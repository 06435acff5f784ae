#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/check.h"
#include "tests/unit/core/http/h2_peer.h"
#include "tests/unit/core/http/h2_wire.h"

// What the fuzz targets of both sides share.
namespace weir::http::h2 {

// What a peer was told, but for bodies of messages that broke a rule: how much of those came first
// depends on how the bytes were split.
inline std::string told(const Peer& peer) {
  std::string text = peer.log;
  for (const auto& [id, exchange] : peer.exchanges) {
    text += std::to_string(id) + ":\n" + exchange->log;
    const bool broken = exchange->log.find("bad ") != std::string::npos;
    if (!broken) text += exchange->body + "\n";
    if (exchange->log.starts_with("bad ")) continue;
    text += exchange->request.path;
    text += exchange->request.query;
    text += exchange->request.authority;
    text += text_of(exchange->request.headers) + text_of(exchange->response.headers);
    if (!broken) text += text_of(exchange->trailers);
  }
  return text;
}

// Ends all that goes on. That every block is back is looked at when the pool goes.
inline void finish(Peer& peer) {
  peer.let_go_all();
  const std::string rest = peer.write();
  WEIR_CHECK(rest.empty() || !frames_in(rest).empty());
}

// Feeds `bytes` in one piece, or in pieces that `seed` chooses.
inline void feed_split(Peer& peer, std::string_view bytes, unsigned seed) {
  for (std::size_t index = 0; !bytes.empty(); ++index) {
    const std::size_t size = seed == 0 ? bytes.size() : 1 + (seed * 7 + index * 13) % 29;
    const std::string_view part = bytes.substr(0, size);
    peer.feed(part);
    bytes.remove_prefix(part.size());
  }
}

}  // namespace weir::http::h2
