#include "core/http/h2_codec_events.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/check.h"
#include "core/http/errors.h"

namespace weir::http {
namespace {

// A block so many times larger than the limit is no mistake.
constexpr std::size_t kBombFactor = 16;
// A body of at most so many bytes is cheaper copied behind its head than sent as one more slice.
constexpr std::size_t kCheapToCopy = 512;
// What is sent of a body that has more to send.
constexpr std::size_t kNoDribble = 1024;
// What nghttp2 may have to compress; more than the head of any message that is read.
constexpr std::size_t kMostToSend = 1024 * 1024;

constexpr std::uint8_t kPriorityUpdate = 0x10;

H2Codec& codec_of(void* user) {
  return *static_cast<H2Codec*>(user);
}

std::string_view view_of(nghttp2_rcbuf* text) {
  const nghttp2_vec bytes = nghttp2_rcbuf_get_buf(text);
  return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

// What nghttp2 itself found: it says no more than the code, and a text for the log.
const H2Failure& failure_with(std::uint32_t code) {
  switch (code) {
    case NGHTTP2_PROTOCOL_ERROR:
      return failures::kProtocol;
    case NGHTTP2_FLOW_CONTROL_ERROR:
      return failures::kFlowControl;
    case NGHTTP2_FRAME_SIZE_ERROR:
      return failures::kFrameSize;
    case NGHTTP2_STREAM_CLOSED:
      return failures::kStreamClosed;
    case NGHTTP2_COMPRESSION_ERROR:
      return failures::kCompression;
    case NGHTTP2_ENHANCE_YOUR_CALM:
      return failures::kSettingsFlood;
    default:
      return failures::kInternal;
  }
}

}  // namespace

nghttp2_session_callbacks* H2Codec::Events::make_callbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  WEIR_CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback2(callbacks, on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_recv);
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, on_invalid_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data_chunk);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_send);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, on_frame_not_send);
  nghttp2_session_callbacks_set_send_data_callback(callbacks, send_data);
  nghttp2_session_callbacks_set_on_extension_chunk_recv_callback(callbacks, on_update_chunk);
  nghttp2_session_callbacks_set_unpack_extension_callback(callbacks, on_update);
  return callbacks;
}

nghttp2_session* H2Codec::Events::make_session(H2Codec& codec) {
  static nghttp2_session_callbacks* const callbacks = make_callbacks();
  nghttp2_option* option = nullptr;
  WEIR_CHECK(nghttp2_option_new(&option) == 0);
  nghttp2_option_set_no_auto_window_update(option, 1);
  // nghttp2 drops fields that it finds invalid, and resets streams without saying why.
  nghttp2_option_set_no_http_messaging(option, 1);
  nghttp2_option_set_max_send_header_block_length(option, kMostToSend);
  nghttp2_option_set_max_outbound_ack(option, codec.settings_.floods.queued_frames);
  nghttp2_option_set_max_continuations(option, codec.settings_.floods.continuations);
  // It has a clock of its own, and no word for a metric: H2FloodGuard counts them.
  nghttp2_option_set_stream_reset_rate_limit(option, UINT32_MAX, 0);
  nghttp2_option_set_user_recv_extension_type(option, kPriorityUpdate);
  nghttp2_session* session = nullptr;
  const int result = codec.side_ == Side::Server
                         ? nghttp2_session_server_new2(&session, callbacks, &codec, option)
                         : nghttp2_session_client_new2(&session, callbacks, &codec, option);
  WEIR_CHECK(result == 0);
  nghttp2_option_del(option);
  return session;
}

H2Stream* H2Codec::Events::stream_of(nghttp2_session* session, std::int32_t id) {
  return static_cast<H2Stream*>(nghttp2_session_get_stream_user_data(session, id));
}

int H2Codec::Events::result(const H2Codec& codec) {
  return codec.failed() ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

int H2Codec::Events::on_begin_headers(nghttp2_session* session, const nghttp2_frame* frame,
                                      void* user) {
  H2Codec& codec = codec_of(user);
  codec.reading_ = nullptr;
  codec.block_bytes_ = 0;
  if (frame->hd.type != NGHTTP2_HEADERS) {
    // A PUSH_PROMISE, of a server that was told not to push.
    codec.fail(failures::kProtocol);
    return result(codec);
  }
  if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) return begin_request(codec, frame->hd.stream_id);
  H2Stream* const stream = stream_of(session, frame->hd.stream_id);
  if (stream == nullptr || stream->state_.owner == nullptr || stream->state_.broken != nullptr) {
    return 0;
  }
  codec.reading_ = stream;
  if (stream->state_.head_read) {
    codec.reader_.begin_trailers(*stream->state_.trailers);
  } else {
    stream->state_.response->forget();
    codec.reader_.begin(*stream->state_.response, stream->state_.method, stream->state_.upgrade);
  }
  return 0;
}

int H2Codec::Events::begin_request(H2Codec& codec, std::int32_t id) {
  H2Stream& stream = codec.make_stream();
  stream.state_.id = id;
  // What comes behind the last stream that GOAWAY names, and before that is written, is refused as
  // what comes later.
  if (!codec.goaway_submitted_) codec.owner_.on_stream(stream);
  if (stream.state_.owner == nullptr) {
    codec.recycle(stream);
    nghttp2_submit_rst_stream(codec.session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
    return codec.failed() ? NGHTTP2_ERR_CALLBACK_FAILURE : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  ++codec.open_streams_;
  nghttp2_session_set_stream_user_data(codec.session_, id, &stream);
  codec.reading_ = &stream;
  codec.reader_.begin(*stream.state_.request);
  return result(codec);
}

int H2Codec::Events::on_header(nghttp2_session*, const nghttp2_frame*, nghttp2_rcbuf* name,
                               nghttp2_rcbuf* value, std::uint8_t, void* user) {
  H2Codec& codec = codec_of(user);
  const std::string_view name_view = view_of(name);
  const std::string_view value_view = view_of(value);
  codec.block_bytes_ += name_view.size() + value_view.size() + 32;
  if (codec.block_bytes_ > codec.settings_.head.head_bytes * kBombFactor) {
    codec.fail(failures::kHeaderBomb);
    return result(codec);
  }
  if (codec.reading_ != nullptr) codec.reader_.add(name_view, value_view);
  return 0;
}

int H2Codec::Events::on_frame_recv(nghttp2_session* session, const nghttp2_frame* frame,
                                   void* user) {
  H2Codec& codec = codec_of(user);
  switch (frame->hd.type) {
    case NGHTTP2_DATA:
      on_data(codec, *frame);
      break;
    case NGHTTP2_HEADERS:
      on_headers(codec, *frame);
      break;
    case NGHTTP2_RST_STREAM:
      if (H2Stream* const stream = stream_of(session, frame->hd.stream_id)) {
        stream->state_.peer_reset = true;
      }
      break;
    case NGHTTP2_SETTINGS:
      if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) codec.owner_.on_settings();
      break;
    case NGHTTP2_PING:
      if ((frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) on_pong(codec, frame->ping);
      break;
    case NGHTTP2_GOAWAY:
      codec.owner_.on_goaway(static_cast<H2Error>(frame->goaway.error_code));
      break;
    default:
      break;
  }
  return result(codec);
}

// A stream beyond the limit, of a client that may not know of that yet, is refused by nghttp2
// without ever being open.
int H2Codec::Events::on_invalid_frame(nghttp2_session*, const nghttp2_frame* frame, int error,
                                      void* user) {
  if (frame->hd.type == NGHTTP2_HEADERS && error == NGHTTP2_ERR_REFUSED_STREAM) {
    codec_of(user).ended_.add(frame->hd.stream_id, true);
  }
  return 0;
}

void H2Codec::Events::on_headers(H2Codec& codec, const nghttp2_frame& frame) {
  const bool end = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  H2Stream* const stream = stream_of(codec.session_, frame.hd.stream_id);
  if (stream == nullptr) return;
  if (end) stream->state_.peer_ended = true;
  if (std::exchange(codec.reading_, nullptr) != stream) return;
  // The owner may have let go since.
  if (stream->state_.owner == nullptr || stream->state_.broken != nullptr) return;
  if (const ParseError* error = codec.reader_.finish(end)) {
    return codec.break_message(*stream, *error);
  }
  if (stream->state_.head_read) {
    on_trailers(codec, *stream);
  } else {
    on_head(codec, *stream, end);
  }
}

void H2Codec::Events::on_head(H2Codec& codec, H2Stream& stream, bool end) {
  H2Stream::State& state = stream.state_;
  const bool informational =
      state.response != nullptr && state.response->status < 200 && state.response->status != 101;
  if (informational) {
    if (++state.informational > kMaxInformational) {
      return codec.break_message(stream, errors::kTooManyInformational);
    }
  } else {
    state.head_read = true;
    state.end_told = end;
    state.expect_continue = codec.reader_.expect_continue();
    state.data_expected = codec.reader_.data_expected();
    if (codec.side_ == Side::Server) codec.begin_priority(stream, codec.reader_.priority());
  }
  state.owner->on_head(end);
}

void H2Codec::Events::on_trailers(H2Codec& codec, H2Stream& stream) {
  const H2Stream::State& state = stream.state_;
  if (state.data_expected.value_or(state.data_received) != state.data_received) {
    return codec.break_message(stream, errors::kLengthMismatch);
  }
  const std::int32_t id = state.id;
  stream.state_.end_told = true;
  codec.deliver(stream);
  if (state.id == id && state.owner != nullptr) state.owner->on_trailers();
}

void H2Codec::Events::on_data(H2Codec& codec, const nghttp2_frame& frame) {
  const bool end = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (!end && frame.hd.length > 0 && frame.hd.length == frame.data.padlen) {
    if (const H2Failure* failure = codec.guard_.on_empty_data(codec.now_ms_)) {
      return codec.fail(*failure);
    }
  }
  H2Stream* const stream = stream_of(codec.session_, frame.hd.stream_id);
  if (stream == nullptr || !end) return;
  H2Stream::State& state = stream->state_;
  state.peer_ended = true;
  if (state.owner == nullptr || state.broken != nullptr) return;
  if (!state.head_read) return codec.break_message(*stream, errors::kEarlyBody);
  if (state.data_expected.value_or(state.data_received) != state.data_received) {
    return codec.break_message(*stream, errors::kLengthMismatch);
  }
  codec.deliver_later(*stream);
}

int H2Codec::Events::on_data_chunk(nghttp2_session* session, std::uint8_t, std::int32_t id,
                                   const std::uint8_t* data, std::size_t size, void* user) {
  H2Codec& codec = codec_of(user);
  nghttp2_session_consume_connection(session, size);
  H2Stream* const stream = stream_of(session, id);
  if (stream == nullptr) return 0;
  H2Stream::State& state = stream->state_;
  if (state.owner == nullptr || state.broken != nullptr) return 0;
  state.data_received += size;
  if (!state.head_read) {
    codec.break_message(*stream, errors::kEarlyBody);
  } else if (state.data_received > state.data_expected.value_or(UINT64_MAX)) {
    codec.break_message(*stream, errors::kLengthMismatch);
  } else {
    codec.take_body(*stream, {reinterpret_cast<const char*>(data), size});
  }
  return result(codec);
}

void H2Codec::Events::on_pong(H2Codec& codec, const nghttp2_ping& ping) {
  const auto is = [&ping](const std::array<std::uint8_t, 8>& sent) {
    return std::equal(sent.begin(), sent.end(), ping.opaque_data);
  };
  if (is(kKeepalivePing)) {
    codec.owner_.on_pong();
  } else if (is(kDrainPing) && codec.draining_) {
    codec.drain_now();
  }
}

int H2Codec::Events::on_stream_close(nghttp2_session* session, std::int32_t id, std::uint32_t code,
                                     void* user) {
  H2Codec& codec = codec_of(user);
  H2Stream* const stream = stream_of(session, id);
  if (stream == nullptr) {
    codec.ended_.add(id, true);
    return 0;
  }
  H2Stream::State& state = stream->state_;
  codec.ended_.add(id, state.resetting || (code != NGHTTP2_NO_ERROR && !state.peer_reset));
  --codec.open_streams_;
  state.closed = true;
  if (codec.reading_ == stream) codec.reading_ = nullptr;
  if (state.owner == nullptr) {
    codec.recycle(*stream);
    return 0;
  }
  const bool complete = state.peer_ended && state.end_sent && !state.peer_reset;
  if (complete || codec.failed()) return 0;
  const bool refused = code == NGHTTP2_REFUSED_STREAM;
  const H2Reset reset = {.code = static_cast<H2Error>(code),
                         .by_peer = state.peer_reset || (refused && codec.side_ == Side::Client),
                         .unprocessed = refused && codec.side_ == Side::Client};
  codec.deliver(*stream);
  if (state.id == id && state.owner != nullptr) state.owner->on_reset(reset);
  return 0;
}

ssize_t H2Codec::Events::read_body(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t size,
                                   std::uint32_t* flags, nghttp2_data_source* source, void* user) {
  H2Codec& codec = codec_of(user);
  H2Stream& stream = *static_cast<H2Stream*>(source->ptr);
  const std::size_t part = std::min(size, stream.outgoing_.size());
  const bool all = stream.state_.ended && part == stream.outgoing_.size();
  if (part == 0 && !all) {
    stream.state_.asleep = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  if (codec.out_->size() >= codec.out_limit_) return NGHTTP2_ERR_PAUSE;
  *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (all) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!stream.trailer_sizes_.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      codec.submit_kept_trailers(stream);
    }
  }
  return static_cast<ssize_t>(part);
}

int H2Codec::Events::send_data(nghttp2_session*, nghttp2_frame*, const std::uint8_t* head,
                               std::size_t size, nghttp2_data_source* source, void* user) {
  constexpr std::size_t kHeadSize = 9;
  H2Codec& codec = codec_of(user);
  H2Stream& stream = *static_cast<H2Stream*>(source->ptr);
  Buffer& out = *codec.out_;
  out.append_copy(codec.blocks_, {reinterpret_cast<const char*>(head), kHeadSize});
  Buffer& body = stream.outgoing_;
  if (size <= kCheapToCopy && body.front().size() >= size) {
    out.append_copy(codec.blocks_, body.front().substr(0, size));
    body.consume(size);
  } else {
    body.move_front(size, out);
  }
  // A window that opens byte by byte earns nothing.
  if (size >= kNoDribble || body.empty()) codec.guard_.on_data_sent();
  if (stream.state_.full && body.size() < codec.settings_.stream_output / 2) {
    stream.state_.full = false;
    if (!static_cast<ListNode<H2Drained>&>(stream).linked()) codec.drained_.push_back(stream);
  }
  return 0;
}

int H2Codec::Events::on_frame_send(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  H2Codec& codec = codec_of(user);
  switch (frame->hd.type) {
    case NGHTTP2_DATA:
    case NGHTTP2_HEADERS:
      if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
        on_end_sent(codec, frame->hd.stream_id);
      }
      break;
    case NGHTTP2_RST_STREAM:
      on_reset_sent(codec, frame->hd.stream_id);
      break;
    case NGHTTP2_GOAWAY:
      on_goaway_sent(codec, frame->goaway);
      break;
    default:
      break;
  }
  return 0;
}

void H2Codec::Events::on_end_sent(H2Codec& codec, std::int32_t id) {
  H2Stream* const stream = stream_of(codec.session_, id);
  if (stream == nullptr) return;
  stream->state_.end_sent = true;
  const H2Stream::State& state = stream->state_;
  if (state.owner == nullptr && !state.peer_ended && !state.resetting) {
    codec.to_reset_.push_back(*stream);
  }
}

void H2Codec::Events::on_reset_sent(H2Codec& codec, std::int32_t id) {
  const H2Stream* const stream = stream_of(codec.session_, id);
  const bool wanted = stream != nullptr && stream->state_.resetting;
  if (wanted && stream->state_.broken == nullptr) return;
  if (const H2Failure* failure = codec.guard_.on_provoked_reset(codec.now_ms_)) {
    codec.fail(*failure);
  }
}

void H2Codec::Events::on_goaway_sent(H2Codec& codec, const nghttp2_goaway& goaway) {
  constexpr std::int32_t kOnlyAWarning = INT32_MAX;
  if (goaway.last_stream_id != kOnlyAWarning) codec.goaway_sent_ = true;
  if (goaway.error_code == NGHTTP2_NO_ERROR || codec.failed()) return;
  H2Failure failure = failure_with(goaway.error_code);
  if (goaway.opaque_data_len > 0) {
    codec.failure_text_.assign(reinterpret_cast<const char*>(goaway.opaque_data),
                               goaway.opaque_data_len);
    failure.message = codec.failure_text_;
  }
  codec.fail(failure);
}

int H2Codec::Events::on_frame_not_send(nghttp2_session* session, const nghttp2_frame* frame,
                                       int error, void*) {
  if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat != NGHTTP2_HCAT_REQUEST &&
      error == NGHTTP2_ERR_FRAME_SIZE_ERROR) {
    nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                              NGHTTP2_INTERNAL_ERROR);
  }
  return 0;
}

int H2Codec::Events::on_update_chunk(nghttp2_session*, const nghttp2_frame_hd*,
                                     const std::uint8_t* data, std::size_t size, void* user) {
  H2Codec& codec = codec_of(user);
  if (size > codec.update_.size() - codec.update_size_) {
    // Nobody needs that much to say so little.
    codec.update_size_ = 0;
    return NGHTTP2_ERR_CANCEL;
  }
  std::memcpy(codec.update_.data() + codec.update_size_, data, size);
  codec.update_size_ += size;
  return 0;
}

int H2Codec::Events::on_update(nghttp2_session*, void**, const nghttp2_frame_hd* head, void* user) {
  H2Codec& codec = codec_of(user);
  const std::string_view payload(codec.update_.data(), std::exchange(codec.update_size_, 0));
  codec.take_priority_update(payload, head->stream_id);
  return codec.failed() ? NGHTTP2_ERR_CALLBACK_FAILURE : NGHTTP2_ERR_CANCEL;
}

}  // namespace weir::http
