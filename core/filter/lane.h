#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/buffer.h"

namespace weir::filter {

// One direction of a stream: how far its message has come through the filters, and what waits.
struct Lane {
  enum class Held : std::uint8_t {
    None,
    Head,     // a filter holds the head
    Body,     // a filter holds `piece`
    Trailers  // a filter holds the trailers
  };
  static constexpr std::uint32_t kNobody = UINT32_MAX;

  // What the filter at position `at` holds.
  Buffer piece;
  // What came meanwhile, to go on at `waiting_from`.
  Buffer waiting;
  // What the filter at `collector` collects; the head waits there too.
  Buffer collected;
  std::size_t collect_limit = 0;
  std::uint32_t at = 0;
  std::uint32_t waiting_from = 0;
  std::uint32_t trailers_from = 0;
  std::uint32_t collector = kNobody;
  Held held = Held::None;
  std::uint8_t pauses = 0;    // Stream::Pause bits
  bool entered = false;       // the head has come in
  bool head_end = false;      // the head is all of the message
  bool head_passed = false;   // the head has left
  bool source_ended = false;  // all of the message has entered
  bool piece_end = false;
  bool waiting_end = false;       // the end waits too
  bool waiting_trailers = false;  // the trailers wait too
  bool ended = false;             // all of the message has left
  bool dead = false;              // what still comes is dropped

  // Bytes of the blocks that wait here.
  std::size_t memory() const { return piece.memory() + waiting.memory() + collected.memory(); }
  bool holding() const { return held != Held::None; }
  void forget() {
    piece.clear();
    waiting.clear();
    collected.clear();
    collect_limit = 0;
    at = waiting_from = trailers_from = 0;
    collector = kNobody;
    held = Held::None;
    pauses = 0;
    entered = head_end = head_passed = source_ended = piece_end = waiting_end = waiting_trailers =
        ended = dead = false;
  }
};

}  // namespace weir::filter
