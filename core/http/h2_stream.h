#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/buffer.h"
#include "core/base/list.h"
#include "core/http/h2_error.h"
#include "core/http/message.h"
#include "core/http/parse_error.h"

namespace weir::http {

// How a stream ended before its time.
struct H2Reset {
  H2Error code = H2Error::None;
  bool by_peer = false;      // by RST_STREAM or GOAWAY; else by the codec
  bool unprocessed = false;  // the peer has done nothing with the request: it may be sent again
};

// Whoever has one stream of a codec. All calls come from the codec, of its thread, inside
// H2Codec::feed() or H2Codec::write(). Inside each, everything may be done with any stream and with
// the codec but feed(), write() and destroying it.
class H2StreamOwner {
 public:
  // The head of the message is complete, in what attach() or open() named; `end` when nothing
  // follows. Clients: once for each informational response too, of at most kMaxInformational, whose
  // place the next one takes.
  virtual void on_head(bool end) = 0;
  // More of the body, or `end` alone. The owner takes all of `data`, and tells by
  // H2Codec::consume() when bytes have gone on; until then they count against the stream's window.
  virtual void on_body(Buffer& data, bool end) = 0;
  // The trailers are complete; nothing follows.
  virtual void on_trailers() = 0;
  // The message breaks a rule, in its head or later. Nothing more is read of it. A server may send
  // a whole answer; then, or at once, the owner lets go, and the peer learns the rest: a code for
  // what is malformed is chosen by the codec.
  virtual void on_bad_message(const ParseError& error) = 0;
  // The stream is over, in both directions. The owner lets go.
  virtual void on_reset(const H2Reset& reset) = 0;
  // Less than half of what makes the stream full is left of what was sent, after send_body() said
  // that it is.
  virtual void on_wants_more() = 0;

 protected:
  ~H2StreamOwner() = default;
};

struct H2OfCodec;    // streams of a codec
struct H2ToDeliver;  // those with a body, or the end of one, for the owner
struct H2Drained;    // those that want more
struct H2ToReset;    // those that ended here, and have to be ended there

// One stream of a codec, which owns it: what the codec keeps of it, and its name in every call.
// There from H2Owner::on_stream() or H2Codec::open() until its owner lets go.
class H2Stream : public ListNode<H2OfCodec>,
                 public ListNode<H2ToDeliver>,
                 public ListNode<H2Drained>,
                 public ListNode<H2ToReset> {
 public:
  // Servers, inside H2Owner::on_stream(): takes the stream. Both messages start out forgotten, and
  // live until the owner lets go.
  void attach(H2StreamOwner& owner, Request& request, HeaderMap& trailers) {
    state_.owner = &owner;
    state_.request = &request;
    state_.trailers = &trailers;
  }

  std::int32_t id() const { return state_.id; }
  // Bytes that were sent and the codec still has, since a window or the connection is full.
  std::size_t pending() const { return outgoing_.size(); }
  // Bytes of blocks that are held for them.
  std::size_t memory() const { return outgoing_.memory() + incoming_.memory(); }
  // Whether the client waits for 100 (Continue). After on_head().
  bool expect_continue() const { return state_.expect_continue; }

 private:
  friend class H2Codec;

  // Makes ready for another stream; keeps the memory of lists.
  void forget();

  struct State {
    std::int32_t id = 0;
    H2StreamOwner* owner = nullptr;
    Request* request = nullptr;    // servers
    Response* response = nullptr;  // clients
    HeaderMap* trailers = nullptr;
    std::string_view upgrade;  // clients: the protocol of an extended CONNECT
    Method method = Method::Get;

    // What comes.
    std::optional<std::uint64_t> data_expected;
    std::uint64_t data_received = 0;
    std::uint64_t data_consumed = 0;
    unsigned informational = 0;
    const ParseError* broken = nullptr;  // by what rule
    bool expect_continue = false;
    bool head_read = false;  // the final one
    bool peer_ended = false;
    bool end_told = false;
    bool peer_reset = false;

    // What goes.
    bool ended = false;     // nothing more will be sent
    bool end_sent = false;  // END_STREAM was written
    bool asleep = false;    // nghttp2 waits for more to send
    bool full = false;      // the owner was told so
    bool resetting = false;
    bool closed = false;  // nghttp2 knows it no more
    H2Error leaving_code = H2Error::None;
  };

  State state_;
  // What came. Small parts are copied behind each other into `copies_`, so that they hold no more
  // memory than they are worth.
  Buffer incoming_;
  BlockRef copies_;
  // What goes. Trailers wait for the body, as text and the sizes of its parts.
  Buffer outgoing_;
  std::string trailer_text_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> trailer_sizes_;
};

}  // namespace weir::http
