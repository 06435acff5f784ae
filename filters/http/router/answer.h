#pragma once

#include "core/filter/http_filter.h"
#include "core/filter/stream.h"

namespace weir::filters {

// The terminal of streams that no cluster sees: a redirect, a response that the route writes, or
// 404 without a route.
class Answer final : public filter::HttpTerminal {
 public:
  explicit Answer(filter::Stream& stream) : stream_(stream) {}

  void on_request(bool end) override;
  void on_request_body(Buffer& data, bool) override { data.clear(); }
  void on_request_trailers(http::HeaderMap&) override {}
  void on_response_paused(bool) override {}
  void on_cancel() override {}

 private:
  void redirect(const route::Redirect& redirect);
  void respond(const route::Respond& respond);

  filter::Stream& stream_;
};

}  // namespace weir::filters
