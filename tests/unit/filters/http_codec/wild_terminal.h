#pragma once

#include <cstdint>

#include "core/filter/http_filter.h"
#include "core/filter/stream.h"

namespace weir::test {

class WildWorld;

// An upstream that answers early, late, never, or breaks off. Keeps to the terminal's contract.
class WildTerminal final : public filter::HttpTerminal {
 public:
  WildTerminal(WildWorld& world, filter::Stream& stream);
  ~WildTerminal() override;

  void on_request(bool end) override;
  void on_request_body(Buffer& data, bool end) override;
  void on_request_trailers(http::HeaderMap&) override;
  void on_response_paused(bool) override {}
  void on_cancel() override {
    WEIR_CHECK(!cancelled_);
    cancelled_ = true;
  }
  void step();

 private:
  void begin_response();
  void send_body();

  WildWorld& world_;
  filter::Stream& stream_;
  bool request_ended_ = false;
  bool cancelled_ = false;
  bool done_ = false;
  bool head_ = false;
  bool tunnel_ = false;
  bool paused_ = false;
  std::uint64_t left_ = UINT64_MAX;  // of Content-Length
};

class WildTerminalFactory final : public filter::HttpTerminalFactory {
 public:
  explicit WildTerminalFactory(WildWorld& world) : world_(world) {}
  filter::HttpTerminal* create(filter::Stream& stream) const override {
    return stream.arena().make<WildTerminal>(world_, stream);
  }

 private:
  WildWorld& world_;
};

}  // namespace weir::test
