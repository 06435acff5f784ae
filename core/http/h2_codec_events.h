#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <nghttp2/nghttp2.h>

#include "core/http/h2_codec.h"

namespace weir::http {

// What nghttp2 calls, with the codec as its user data. What is called for input returns
// NGHTTP2_ERR_CALLBACK_FAILURE when the codec has failed, so that nothing is read behind that.
class H2Codec::Events {
 public:
  static constexpr std::array<std::uint8_t, 8> kDrainPing = {'w', 'd', 'r', 'a', 'i', 'n', 0, 1};
  static constexpr std::array<std::uint8_t, 8> kKeepalivePing = {'w', 'a', 'l', 'i',
                                                                 'v', 'e', 0,   1};

  // A session that calls these, with every check of messages left to H2HeadReader.
  static nghttp2_session* make_session(H2Codec& codec);

  // The source of every body, which is an H2Stream.
  static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* to,
                           std::size_t size, std::uint32_t* flags, nghttp2_data_source* source,
                           void* user);

 private:
  static nghttp2_session_callbacks* make_callbacks();
  static H2Stream* stream_of(nghttp2_session* session, std::int32_t id);
  static int result(const H2Codec& codec);

  static int on_begin_headers(nghttp2_session* session, const nghttp2_frame* frame, void* user);
  static int begin_request(H2Codec& codec, std::int32_t id);
  static int on_header(nghttp2_session* session, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                       nghttp2_rcbuf* value, std::uint8_t flags, void* user);
  static int on_frame_recv(nghttp2_session* session, const nghttp2_frame* frame, void* user);
  static int on_invalid_frame(nghttp2_session* session, const nghttp2_frame* frame, int error,
                              void* user);
  static void on_headers(H2Codec& codec, const nghttp2_frame& frame);
  static void on_head(H2Codec& codec, H2Stream& stream, bool end);
  static void on_trailers(H2Codec& codec, H2Stream& stream);
  static void on_data(H2Codec& codec, const nghttp2_frame& frame);
  static void on_pong(H2Codec& codec, const nghttp2_ping& ping);
  static int on_data_chunk(nghttp2_session* session, std::uint8_t flags, std::int32_t id,
                           const std::uint8_t* data, std::size_t size, void* user);
  static int on_stream_close(nghttp2_session* session, std::int32_t id, std::uint32_t code,
                             void* user);

  static int on_frame_send(nghttp2_session* session, const nghttp2_frame* frame, void* user);
  static void on_end_sent(H2Codec& codec, std::int32_t id);
  static void on_reset_sent(H2Codec& codec, std::int32_t id);
  static void on_goaway_sent(H2Codec& codec, const nghttp2_goaway& goaway);
  static int on_frame_not_send(nghttp2_session* session, const nghttp2_frame* frame, int error,
                               void* user);
  static int send_data(nghttp2_session* session, nghttp2_frame* frame, const std::uint8_t* head,
                       std::size_t size, nghttp2_data_source* source, void* user);

  static int on_update_chunk(nghttp2_session* session, const nghttp2_frame_hd* head,
                             const std::uint8_t* data, std::size_t size, void* user);
  static int on_update(nghttp2_session* session, void** payload, const nghttp2_frame_hd* head,
                       void* user);
};

}  // namespace weir::http
