#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/buffer.h"
#include "core/base/list.h"
#include "core/http/h2_failure.h"
#include "core/http/h2_flood_guard.h"
#include "core/http/h2_frame_splitter.h"
#include "core/http/h2_head_reader.h"
#include "core/http/h2_head_writer.h"
#include "core/http/h2_settings.h"
#include "core/http/h2_stream.h"

struct nghttp2_session;

namespace weir::http {

// Whoever has a connection of HTTP/2. Called as an H2StreamOwner is.
class H2Owner {
 public:
  // Servers: a client opens a stream. Whoever does not attach to it in the call refuses it, so that
  // the client may send the request again elsewhere.
  virtual void on_stream(H2Stream& stream) = 0;
  // The peer's settings came, or others.
  virtual void on_settings() = 0;
  // The peer takes no new streams. Those of a client that it will not answer are reset, as
  // unprocessed, right after this.
  virtual void on_goaway(H2Error code) = 0;
  // The answer to ping().
  virtual void on_pong() = 0;
  // The connection cannot go on. Once, behind what came before, and no event follows. The owner
  // lets go of all streams, writes what the codec still has, which tells the peer, and closes.
  virtual void on_failed(const H2Failure& failure) = 0;

 protected:
  ~H2Owner() = default;
};

// One side of a connection of HTTP/2 (RFC 9113), without I/O: bytes in, events out; messages in,
// bytes out. nghttp2 does frames, HPACK and windows; what a message may be, what a peer may do how
// often, and which memory it costs, is decided here.
//
// Bodies are slices of the blocks that were read, and are sent as slices of what was given. The
// window of the connection opens as bytes arrive, that of a stream as they go on, so that a slow
// stream stops alone. Responses are sent by urgency, those that are incremental, or of whose
// priority the client said nothing, taking turns (RFC 9218).
//
// Not thread-safe. The owner, the streams' owners and the pool outlive it.
class H2Codec {
 public:
  enum class Side : std::uint8_t { Server, Client };

  H2Codec(Side side, const H2Settings& settings, H2Owner& owner, BlockPool& blocks);
  ~H2Codec();
  H2Codec(const H2Codec&) = delete;
  H2Codec& operator=(const H2Codec&) = delete;

  // Takes all of `data`, which came from the peer. `now_ms` is any clock that never goes back.
  void feed(Buffer& data, std::uint64_t now_ms);
  // Moves what is ready to be sent behind `out`: bodies until that has `limit` bytes or, by at most
  // one frame, more, and all else. After each feed(), and when something was sent and `out` has
  // room.
  void write(Buffer& out, std::size_t limit);
  bool wants_write() const;
  // Nothing more is to be read or written: the connection can be closed.
  bool finished() const;
  bool failed() const { return failure_.has_value(); }

  // Servers. Sends a head: any number with a status of 1xx, then one other. `end`: it is all.
  // False, with nothing done, when that cannot be sent (H2HeadWriter).
  [[nodiscard]] bool send_head(H2Stream& stream, const Response& response,
                               const H2ResponseOptions& options, bool end);

  // Clients. Whether open() can open a stream now: the peer allows another one.
  bool can_open() const;
  // Begins a request; null when it cannot be sent (H2HeadWriter, or can_open()). `response` and
  // `trailers` start out forgotten, and live, like `options.upgrade`, until the owner lets go.
  H2Stream* open(const Request& request, const H2RequestOptions& options, bool end,
                 H2StreamOwner& owner, Response& response, HeaderMap& trailers);
  // The peer allows extended CONNECT.
  bool peer_connects() const;
  // How many streams the peer allows at once.
  std::uint32_t peer_max_streams() const;

  // Both. What is sent after the end, or on a stream that was reset, goes nowhere.
  // Moves all of `data`; false when the stream is full: send more when the owner is told.
  bool send_body(H2Stream& stream, Buffer& data, bool end);
  // Copies them; they are the end.
  void send_trailers(H2Stream& stream, const HeaderMap& trailers);
  // `bytes` of the body have gone on: the peer may send as many more.
  void consume(H2Stream& stream, std::size_t bytes);
  // Ends a stream at once, and lets go of it.
  void reset(H2Stream& stream, H2Error code);
  // The owner has nothing more to do with a stream. What was sent to its end still goes to the
  // peer; then, or at once when there is no end, the peer is told to stop with `code` if it has not
  // ended its half. The stream is gone for the owner, who hears no more of it.
  void let_go(H2Stream& stream, H2Error code);

  // Takes no new streams. Servers do it in two steps (RFC 9113 section 6.8): the peer is warned,
  // and what it sent before it heard of that is still served. Streams go on to their end.
  void drain();
  // Goes to the second step without waiting for the peer.
  void drain_now();
  // Ends the connection; as if `failure` had been found.
  void fail(const H2Failure& failure);
  // Asks whether the peer is there.
  void ping();

  // Those that nghttp2 counts as open.
  std::size_t open_streams() const { return open_streams_; }

 private:
  class Events;  // what nghttp2 calls

  // Streams that ended lately, since frames for them may come late.
  class Ended {
   public:
    struct Stream {
      std::int32_t id = 0;
      bool by_us = false;             // this side reset it
      std::uint8_t late_headers = 0;  // that came since
    };

    explicit Ended(std::size_t size) : streams_(size) {}
    void add(std::int32_t id, bool by_us);
    // Null when it is none of them.
    Stream* find(std::int32_t id);

   private:
    std::vector<Stream> streams_;
    std::size_t next_ = 0;
  };

  void submit_settings();
  void submit_kept_trailers(H2Stream& stream);
  void feed_slice(const Slice& slice);
  const H2Failure* check_frame(const H2FrameHead& head);
  const H2Failure* check_stream(const H2FrameHead& head);
  void deliver_later(H2Stream& stream);
  void deliver(H2Stream& stream);
  void deliver_all();
  static void drop_unused_copies(H2Stream& stream);
  bool write_frame(Buffer& out);
  void submit_resets();
  void tell_drained();
  void tell_failure();
  void check_queue();

  H2Stream& make_stream();
  void recycle(H2Stream& stream);
  void submit_reset(H2Stream& stream, H2Error code);
  void break_message(H2Stream& stream, const ParseError& error);
  void wake(H2Stream& stream);
  void take_body(H2Stream& stream, std::string_view bytes);
  void begin_priority(H2Stream& stream, std::optional<H2Priority> of_head);
  void take_priority_update(std::string_view payload, std::int32_t frame_stream);
  void set_priority(std::int32_t id, H2Priority priority);

  const Side side_;
  const H2Settings settings_;
  H2Owner& owner_;
  BlockPool& blocks_;
  nghttp2_session* session_ = nullptr;

  List<H2Stream, H2OfCodec> streams_;
  List<H2Stream, H2ToDeliver> to_deliver_;
  List<H2Stream, H2Drained> drained_;
  List<H2Stream, H2ToReset> to_reset_;
  std::vector<std::unique_ptr<H2Stream>> spare_;
  std::size_t open_streams_ = 0;

  H2FrameSplitter splitter_;
  H2FloodGuard guard_;
  Ended ended_;
  std::uint64_t now_ms_ = 0;
  std::int32_t newest_ = 0;  // of the streams that the peer opened
  std::optional<H2Failure> failure_;
  std::string failure_text_;
  bool failure_told_ = false;
  bool draining_ = false;
  bool goaway_submitted_ = false;
  bool goaway_sent_ = false;
  bool busy_ = false;  // inside feed() or write()

  // The block of fields that is being read, and whose it is.
  H2HeadReader reader_;
  H2Stream* reading_ = nullptr;
  std::size_t block_bytes_ = 0;
  H2HeadWriter writer_;

  const Slice* slice_ = nullptr;  // what is being fed
  Buffer* out_ = nullptr;         // what is being written to
  std::size_t out_limit_ = 0;

  // PRIORITY_UPDATE: its payload, and what it said of streams that were not open yet.
  std::array<char, 64> update_ = {};
  std::size_t update_size_ = 0;
  std::array<std::pair<std::int32_t, H2Priority>, 8> early_priorities_ = {};
  std::size_t next_early_ = 0;
};

}  // namespace weir::http
