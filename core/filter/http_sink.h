#pragma once

#include "core/base/buffer.h"
#include "core/http/message.h"

namespace weir::filter {

// Where a stream's response goes and its request comes from: the codec session of the client's
// connection. All calls come from the stream; worker thread.
class HttpSink {
 public:
  virtual void send_informational(http::Response& response) = 0;
  virtual void send_head(http::Response& response, bool end) = 0;
  virtual void send_body(Buffer& data, bool end) = 0;
  virtual void send_trailers(http::HeaderMap& trailers) = 0;
  // From here on bytes pass both ways as they are (101, or an accepted upgrade).
  virtual void start_tunnel() = 0;
  // The request's source must wait, or may go on.
  virtual void pause_request(bool paused) = 0;
  // The response cannot be completed: end it so that it cannot look complete.
  virtual void abort() = 0;
  // The stream is over. It and its arena are there until this returns; the sink lets go of both.
  virtual void stream_over() = 0;

 protected:
  ~HttpSink() = default;
};

}  // namespace weir::filter
