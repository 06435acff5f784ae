#include "core/http/h2_codec.h"

#include <algorithm>
#include <cstring>

#include <nghttp2/nghttp2.h>

#include "core/base/check.h"
#include "core/http/h2_codec_events.h"

namespace weir::http {
namespace {

// What is smaller is copied: a slice would hold a whole block for a few bytes.
constexpr std::size_t kWorthASlice = 4096;
// What is kept of streams that ended, while there is none.
constexpr std::size_t kSpareStreams = 2;

// nghttp2's error of a call that can only run out of memory, which ends the process elsewhere too.
void must(int result) {
  WEIR_CHECK(!nghttp2_is_fatal(result));
}

// Fields as nghttp2 takes them, which copies what they view.
class NameValues {
 public:
  NameValues() = default;
  explicit NameValues(std::span<const H2Field> fields) {
    for (const H2Field& field : fields) add(field.name, field.value);
  }

  void add(std::string_view name, std::string_view value) {
    const nghttp2_nv pair = {bytes_of(name), bytes_of(value), name.size(), value.size(),
                             NGHTTP2_NV_FLAG_NONE};
    if (size_ == few_.size()) many_.assign(few_.begin(), few_.end());
    if (size_ < few_.size()) {
      few_[size_] = pair;
    } else {
      many_.push_back(pair);
    }
    ++size_;
  }
  const nghttp2_nv* data() const { return many_.empty() ? few_.data() : many_.data(); }
  std::size_t size() const { return size_; }

 private:
  static std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  }

  std::size_t size_ = 0;
  std::array<nghttp2_nv, 32> few_;
  std::vector<nghttp2_nv> many_;
};

const H2Failure& failure_of(int mem_recv_error) {
  switch (mem_recv_error) {
    case NGHTTP2_ERR_BAD_CLIENT_MAGIC:
      return failures::kBadPreface;
    case NGHTTP2_ERR_FLOODED:
      return failures::kQueueFull;
    case NGHTTP2_ERR_TOO_MANY_CONTINUATIONS:
      return failures::kContinuationFlood;
    default:
      return failures::kInternal;
  }
}

}  // namespace

void H2Codec::Ended::add(std::int32_t id, bool by_us) {
  streams_[next_] = {.id = id, .by_us = by_us};
  next_ = (next_ + 1) % streams_.size();
}

H2Codec::Ended::Stream* H2Codec::Ended::find(std::int32_t id) {
  for (Stream& stream : streams_) {
    if (stream.id == id) return &stream;
  }
  return nullptr;
}

H2Codec::H2Codec(Side side, const H2Settings& settings, H2Owner& owner, BlockPool& blocks)
    : side_(side),
      settings_(settings),
      owner_(owner),
      blocks_(blocks),
      splitter_(side == Side::Server ? NGHTTP2_CLIENT_MAGIC_LEN : 0),
      guard_(settings.floods),
      ended_(std::clamp<std::size_t>(settings.max_streams * std::size_t{2}, 64, 8192)),
      reader_(settings.head, side == Side::Server && settings.extended_connect) {
  session_ = Events::make_session(*this);
  submit_settings();
}

H2Codec::~H2Codec() {
  WEIR_ASSERT(!busy_);
  nghttp2_session_del(session_);
  while (H2Stream* stream = streams_.pop_front()) delete stream;
}

void H2Codec::submit_settings() {
  std::array<nghttp2_settings_entry, 5> entries;
  std::size_t count = 0;
  const auto add = [&](std::int32_t id, std::uint32_t value) { entries[count++] = {id, value}; };
  add(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings_.stream_window);
  add(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
      static_cast<std::uint32_t>(std::min<std::size_t>(settings_.head.head_bytes, UINT32_MAX)));
  if (side_ == Side::Server) {
    add(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings_.max_streams);
    add(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1);
    if (settings_.extended_connect) add(NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1);
  } else {
    add(NGHTTP2_SETTINGS_ENABLE_PUSH, 0);
  }
  must(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), count));
  must(nghttp2_session_set_local_window_size(
      session_, NGHTTP2_FLAG_NONE, 0, static_cast<std::int32_t>(settings_.connection_window)));
}

void H2Codec::feed(Buffer& data, std::uint64_t now_ms) {
  WEIR_ASSERT(!busy_);
  busy_ = true;
  now_ms_ = now_ms;
  while (!data.empty() && !failed()) {
    // A call may empty the buffer; nghttp2 is inside this slice all the same.
    const Slice slice = data.slices().front();
    data.consume(slice.size());
    feed_slice(slice);
  }
  data.clear();
  slice_ = nullptr;
  deliver_all();
  check_queue();
  busy_ = false;
  tell_failure();
}

void H2Codec::feed_slice(const Slice& slice) {
  slice_ = &slice;
  std::string_view bytes = slice.view();
  while (!bytes.empty() && !failed()) {
    const H2FrameSplitter::Step step = splitter_.next(bytes);
    if (step.begins) {
      if (const H2Failure* failure = check_frame(splitter_.head())) return fail(*failure);
    }
    const auto read = nghttp2_session_mem_recv(
        session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), step.size);
    if (read < 0) return fail(failure_of(static_cast<int>(read)));
    bytes.remove_prefix(step.size);
  }
}

const H2Failure* H2Codec::check_frame(const H2FrameHead& head) {
  if (const H2Failure* failure = guard_.on_frame(head, now_ms_)) return failure;
  switch (head.type) {
    case H2FrameType::Priority:
      // nghttp2 reads none since it was told to use no priorities of RFC 7540.
      return head.parent == head.stream && head.length == 5 ? &failures::kSelfDependency : nullptr;
    case H2FrameType::Data:
    case H2FrameType::Headers:
      return check_stream(head);
    default:
      return nullptr;
  }
}

// RFC 9113 sections 5.1 and 5.1.1: what follows the end of a stream. nghttp2 forgets streams when
// they close, and passes over what comes for them. A client has no more streams under way than it
// may open, so that a server remembers all for which something can come late.
const H2Failure* H2Codec::check_stream(const H2FrameHead& head) {
  constexpr std::uint8_t kMostLateHeaders = 8;
  const auto id = static_cast<std::int32_t>(head.stream);
  const bool is_headers = head.type == H2FrameType::Headers;
  const bool is_server = side_ == Side::Server;
  if (id % 2 == 0) return nullptr;
  const auto newest = is_server ? static_cast<std::uint32_t>(newest_)
                                : nghttp2_session_get_next_stream_id(session_) - 1;
  if (head.stream > newest) {
    if (!is_server || !is_headers) return nullptr;
    newest_ = id;
    return goaway_sent_ ? guard_.on_provoked_reset(now_ms_) : nullptr;
  }
  if (nghttp2_session_find_stream(session_, id) != nullptr) return nullptr;
  Ended::Stream* const ended = ended_.find(id);
  if (ended == nullptr) return is_server && !goaway_sent_ ? &failures::kOldStream : nullptr;
  if (!ended->by_us) return &failures::kStreamClosed;
  return is_headers && ++ended->late_headers > kMostLateHeaders ? &failures::kStreamClosed
                                                                : nullptr;
}

void H2Codec::check_queue() {
  if (failed()) return;
  // A stream may have a head, trailers, a reset and a window update waiting.
  constexpr std::size_t kFramesOfStream = 4;
  const std::size_t most = settings_.floods.queued_frames + open_streams_ * kFramesOfStream;
  if (nghttp2_session_get_outbound_queue_size(session_) > most) fail(failures::kQueueFull);
}

void H2Codec::take_body(H2Stream& stream, std::string_view bytes) {
  if (bytes.size() >= kWorthASlice) {
    stream.incoming_.append(Slice(slice_->block(), bytes.data(), bytes.size()));
  }
  while (bytes.size() > 0 && bytes.size() < kWorthASlice) {
    BlockRef& block = stream.copies_;
    if (!block || block->room() == 0) block = blocks_.get();
    const std::size_t part = std::min<std::size_t>(bytes.size(), block->room());
    char* const to = block->tail();
    std::memcpy(to, bytes.data(), part);
    block->fill(part);
    stream.incoming_.append(Slice(block, to, part));
    bytes.remove_prefix(part);
  }
  deliver_later(stream);
}

void H2Codec::deliver_later(H2Stream& stream) {
  if (!static_cast<ListNode<H2ToDeliver>&>(stream).linked()) to_deliver_.push_back(stream);
}

void H2Codec::deliver(H2Stream& stream) {
  static_cast<ListNode<H2ToDeliver>&>(stream).unlink();
  const bool end = stream.state_.peer_ended && !stream.state_.end_told;
  if (stream.state_.owner == nullptr || (stream.incoming_.empty() && !end)) return;
  if (end) {
    stream.state_.end_told = true;
    stream.copies_.reset();
  }
  const std::int32_t id = stream.state_.id;
  stream.state_.owner->on_body(stream.incoming_, end);
  // It may be gone, or another one by now.
  if (stream.state_.id != id) return;
  stream.incoming_.clear();
  drop_unused_copies(stream);
}

// The block is kept while somebody holds parts of it, so that the next part holds no other one.
void H2Codec::drop_unused_copies(H2Stream& stream) {
  if (stream.copies_ && !stream.copies_->shared()) stream.copies_.reset();
}

void H2Codec::deliver_all() {
  while (!to_deliver_.empty()) deliver(*to_deliver_.front());
  if (streams_.empty() && spare_.size() > kSpareStreams) spare_.resize(kSpareStreams);
}

void H2Codec::write(Buffer& out, std::size_t limit) {
  WEIR_ASSERT(!busy_);
  busy_ = true;
  out_ = &out;
  out_limit_ = limit;
  do {
    submit_resets();
    while (write_frame(out)) {
    }
  } while (!to_reset_.empty());
  out_ = nullptr;
  tell_drained();
  busy_ = false;
  tell_failure();
}

bool H2Codec::write_frame(Buffer& out) {
  const std::uint8_t* bytes = nullptr;
  const auto size = nghttp2_session_mem_send(session_, &bytes);
  if (size < 0) fail(failures::kInternal);
  if (size <= 0) return false;
  out.append_copy(blocks_, {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
  return true;
}

// Not before they can be written: a peer that has meanwhile ended its half opens another stream,
// while nghttp2 passes over that end when a reset waits, and would count one stream too many.
void H2Codec::submit_resets() {
  while (H2Stream* const stream = to_reset_.pop_front()) {
    if (!failed() && !stream->state_.peer_ended) {
      submit_reset(*stream, stream->state_.leaving_code);
    }
  }
}

void H2Codec::tell_drained() {
  while (!failed()) {
    H2Stream* const stream = drained_.pop_front();
    if (stream == nullptr) return;
    stream->state_.full = false;
    if (stream->state_.owner != nullptr) stream->state_.owner->on_wants_more();
  }
}

bool H2Codec::wants_write() const {
  return nghttp2_session_want_write(session_) != 0 || (!to_reset_.empty() && !failed());
}

bool H2Codec::finished() const {
  return nghttp2_session_want_read(session_) == 0 && !wants_write();
}

bool H2Codec::send_head(H2Stream& stream, const Response& response,
                        const H2ResponseOptions& options, bool end) {
  WEIR_ASSERT(side_ == Side::Server && !stream.state_.ended);
  if (!writer_.write(response, options)) return false;
  if (failed() || stream.state_.closed) return true;
  const NameValues fields(writer_.fields());
  if (response.status < 200 && response.status != 101) {
    must(nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream.state_.id, nullptr,
                                fields.data(), fields.size(), nullptr));
    return true;
  }
  stream.state_.ended = end;
  const nghttp2_data_provider source = {{.ptr = &stream}, Events::read_body};
  must(nghttp2_submit_response(session_, stream.state_.id, fields.data(), fields.size(),
                               end ? nullptr : &source));
  return true;
}

bool H2Codec::can_open() const {
  return !failed() && !draining_ && open_streams_ < peer_max_streams() &&
         nghttp2_session_check_request_allowed(session_) != 0;
}

H2Stream* H2Codec::open(const Request& request, const H2RequestOptions& options, bool end,
                        H2StreamOwner& owner, Response& response, HeaderMap& trailers) {
  WEIR_ASSERT(side_ == Side::Client);
  if (!can_open() || !writer_.write(request, options)) return nullptr;
  H2Stream& stream = make_stream();
  stream.state_.owner = &owner;
  stream.state_.response = &response;
  stream.state_.trailers = &trailers;
  stream.state_.method = request.method;
  stream.state_.upgrade = options.upgrade;
  stream.state_.ended = end;
  const NameValues fields(writer_.fields());
  const nghttp2_data_provider source = {{.ptr = &stream}, Events::read_body};
  stream.state_.id = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                            end ? nullptr : &source, &stream);
  WEIR_CHECK(stream.state_.id > 0);
  ++open_streams_;
  return &stream;
}

bool H2Codec::peer_connects() const {
  return nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL) ==
         1;
}

std::uint32_t H2Codec::peer_max_streams() const {
  return nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
}

void H2Codec::wake(H2Stream& stream) {
  if (!std::exchange(stream.state_.asleep, false)) return;
  must(nghttp2_session_resume_data(session_, stream.state_.id));
}

bool H2Codec::send_body(H2Stream& stream, Buffer& data, bool end) {
  if (failed() || stream.state_.closed || stream.state_.ended) {
    data.clear();
    return true;
  }
  stream.outgoing_.append(data);
  stream.state_.ended = end;
  wake(stream);
  stream.state_.full = !end && stream.outgoing_.size() >= settings_.stream_output;
  return !stream.state_.full;
}

void H2Codec::send_trailers(H2Stream& stream, const HeaderMap& trailers) {
  if (failed() || stream.state_.closed || stream.state_.ended) return;
  writer_.write_trailers(trailers);
  for (const H2Field& field : writer_.fields()) {
    stream.trailer_text_.append(field.name).append(field.value);
    stream.trailer_sizes_.emplace_back(static_cast<std::uint32_t>(field.name.size()),
                                       static_cast<std::uint32_t>(field.value.size()));
  }
  stream.state_.ended = true;
  wake(stream);
}

void H2Codec::submit_kept_trailers(H2Stream& stream) {
  NameValues fields;
  std::string_view text = stream.trailer_text_;
  for (const auto& [name, value] : stream.trailer_sizes_) {
    fields.add(text.substr(0, name), text.substr(name, value));
    text.remove_prefix(name + value);
  }
  must(nghttp2_submit_trailer(session_, stream.state_.id, fields.data(), fields.size()));
}

void H2Codec::consume(H2Stream& stream, std::size_t bytes) {
  stream.state_.data_consumed += bytes;
  WEIR_ASSERT(stream.state_.data_consumed <= stream.state_.data_received);
  if (failed() || stream.state_.closed || bytes == 0) return;
  must(nghttp2_session_consume_stream(session_, stream.state_.id, bytes));
  drop_unused_copies(stream);
}

void H2Codec::submit_reset(H2Stream& stream, H2Error code) {
  stream.state_.resetting = true;
  must(nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.state_.id,
                                 static_cast<std::uint32_t>(code)));
}

void H2Codec::reset(H2Stream& stream, H2Error code) {
  if (!stream.state_.end_sent) stream.state_.ended = false;
  let_go(stream, code);
}

void H2Codec::let_go(H2Stream& stream, H2Error code) {
  stream.state_.owner = nullptr;
  // What comes of a head that is not complete has no place any more.
  if (reading_ == &stream) reading_ = nullptr;
  stream.incoming_.clear();
  stream.copies_.reset();
  if (stream.state_.closed) return recycle(stream);
  // After a failure nghttp2 still knows it, and only the end of the codec helps.
  if (failed()) return stream.outgoing_.clear();
  if (stream.state_.broken != nullptr) {
    const bool malformed =
        stream.state_.broken->status == 400 || stream.state_.broken->status == 502;
    if (malformed) {
      code = H2Error::Protocol;
    } else if (!stream.state_.ended) {
      code = H2Error::EnhanceYourCalm;
    }
  }
  stream.state_.leaving_code = code;
  if (!stream.state_.ended) {
    stream.outgoing_.clear();
    submit_reset(stream, code);
  } else if (stream.state_.end_sent && !stream.state_.peer_ended) {
    to_reset_.push_back(stream);
  }
}

void H2Codec::break_message(H2Stream& stream, const ParseError& error) {
  if (stream.state_.broken != nullptr) return;
  stream.state_.broken = &error;
  stream.incoming_.clear();
  stream.copies_.reset();
  static_cast<ListNode<H2ToDeliver>&>(stream).unlink();
  if (stream.state_.owner != nullptr) stream.state_.owner->on_bad_message(error);
}

H2Stream& H2Codec::make_stream() {
  std::unique_ptr<H2Stream> stream;
  if (spare_.empty()) {
    stream = std::make_unique<H2Stream>();
  } else {
    stream = std::move(spare_.back());
    spare_.pop_back();
  }
  streams_.push_back(*stream);
  return *stream.release();
}

void H2Codec::recycle(H2Stream& stream) {
  stream.forget();
  spare_.emplace_back(&stream);
}

// An update that came before its stream is newer than the head's (RFC 9218 section 7).
void H2Codec::begin_priority(H2Stream& stream, std::optional<H2Priority> of_head) {
  for (const auto& [id, priority] : early_priorities_) {
    if (id == stream.id()) return set_priority(id, priority);
  }
  // A client that says nothing knows nothing of waiting for others: it wants all at once.
  set_priority(stream.id(), of_head.value_or(H2Priority{.urgency = 3, .incremental = true}));
}

void H2Codec::take_priority_update(std::string_view payload, std::int32_t frame_stream) {
  constexpr std::size_t kIdSize = 4;
  if (side_ == Side::Client || frame_stream != 0) return fail(failures::kBadPriorityUpdate);
  if (payload.size() < kIdSize) return fail(failures::kFrameSize);
  std::uint32_t number = 0;
  for (const char c : payload.substr(0, kIdSize)) {
    number = number << 8 | static_cast<unsigned char>(c);
  }
  const auto id = static_cast<std::int32_t>(number & INT32_MAX);
  if (id % 2 == 0) return fail(failures::kBadPriorityUpdate);
  const std::optional<H2Priority> priority = parse_priority(payload.substr(kIdSize));
  if (!priority) return;
  if (id <= newest_) return set_priority(id, *priority);
  early_priorities_[next_early_] = {id, *priority};
  next_early_ = (next_early_ + 1) % early_priorities_.size();
}

void H2Codec::set_priority(std::int32_t id, H2Priority priority) {
  const nghttp2_extpri value = {priority.urgency, priority.incremental ? 1 : 0};
  nghttp2_session_change_extpri_stream_priority(session_, id, &value, 1);
}

void H2Codec::drain() {
  if (std::exchange(draining_, true) || failed()) return;
  if (side_ == Side::Client) return drain_now();
  must(nghttp2_submit_shutdown_notice(session_));
  must(nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, Events::kDrainPing.data()));
}

void H2Codec::drain_now() {
  draining_ = true;
  if (std::exchange(goaway_submitted_, true) || failed()) return;
  must(nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                             nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                             nullptr, 0));
}

void H2Codec::fail(const H2Failure& failure) {
  if (failed()) return;
  failure_ = failure;
  must(nghttp2_session_terminate_session(session_, static_cast<std::uint32_t>(failure.code)));
  if (!busy_) tell_failure();
}

void H2Codec::tell_failure() {
  if (!failed() || std::exchange(failure_told_, true)) return;
  owner_.on_failed(*failure_);
}

void H2Codec::ping() {
  if (failed()) return;
  must(nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, Events::kKeepalivePing.data()));
}

}  // namespace weir::http
