#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/http/h2_codec.h"

// Both ends of a connection of HTTP/2, which write down what they are told.
namespace weir::http::h2 {

class Peer;

// One stream of a Peer. Takes its body without giving credit, unless `greedy`.
class Exchange final : public H2StreamOwner {
 public:
  Exchange(Peer& peer, bool greedy) : peer_(peer), greedy_(greedy) {}

  void on_head(bool end) override;
  void on_body(Buffer& data, bool end) override;
  void on_trailers() override;
  void on_bad_message(const ParseError& error) override;
  void on_reset(const H2Reset& reset) override;
  void on_wants_more() override { log += "wants_more\n"; }

  Arena arena;
  Request request{arena};
  Response response{arena};
  HeaderMap trailers{arena};
  H2Stream* stream = nullptr;
  std::string log;
  std::string body;
  // Called in the event, when it is set.
  std::function<void()> at_head;
  std::function<void(bool end)> at_body;
  std::function<void(const ParseError&)> at_bad_message;

 private:
  Peer& peer_;
  bool greedy_;
};

class Peer final : public H2Owner {
 public:
  explicit Peer(H2Codec::Side side, const H2Settings& settings = {})
      : codec(side, settings, *this, pool) {}
  ~Peer() { let_go_all(); }

  void on_stream(H2Stream& stream) override {
    if (refuse) return;
    Exchange& exchange = add(stream.id());
    exchange.stream = &stream;
    stream.attach(exchange, exchange.request, exchange.trailers);
    if (at_stream) at_stream(exchange);
  }
  void on_settings() override { log += "settings\n"; }
  void on_goaway(H2Error code) override {
    log += "goaway " + std::string(h2_error_word(code)) + "\n";
  }
  void on_pong() override { log += "pong\n"; }
  void on_failed(const H2Failure& failure) override {
    log += "failed " + std::string(failure.why) + " " + std::string(h2_error_word(failure.code)) +
           "\n";
    why = failure.why;
  }

  // Feeds bytes in blocks of their own, of at most `piece` bytes.
  void feed(std::string_view bytes, std::size_t piece = SIZE_MAX) {
    while (!bytes.empty()) {
      const std::string_view part = bytes.substr(0, piece);
      Buffer data;
      BlockRef block = pool.get_large(part.size());
      char* const to = block->tail();
      part.copy(to, part.size());
      block->fill(part.size());
      data.append(Slice(std::move(block), to, part.size()));
      codec.feed(data, now);
      bytes.remove_prefix(part.size());
    }
  }
  std::string write(std::size_t limit = SIZE_MAX) {
    Buffer out;
    codec.write(out, limit);
    return out.to_string();
  }

  Exchange& open(const Request& request, bool end, const H2RequestOptions& options = {}) {
    auto exchange = std::make_unique<Exchange>(*this, greedy);
    exchange->stream =
        codec.open(request, options, end, *exchange, exchange->response, exchange->trailers);
    if (exchange->stream == nullptr) return *(refused = std::move(exchange));
    const std::int32_t id = exchange->stream->id();
    return *(exchanges[id] = std::move(exchange));
  }
  Exchange& at(std::int32_t id) { return *exchanges.at(id); }
  void send(Exchange& exchange, std::string_view text, bool end) {
    Buffer data;
    data.append_copy(pool, text);
    codec.send_body(*exchange.stream, data, end);
  }
  void respond(Exchange& exchange, std::uint16_t status, bool end) {
    exchange.response.status = status;
    const bool sent = codec.send_head(*exchange.stream, exchange.response, {}, end);
    if (!sent) log += "not sent\n";
  }
  void let_go(Exchange& exchange, H2Error code = H2Error::Cancel) {
    if (exchange.stream != nullptr) codec.let_go(*exchange.stream, code);
    exchange.stream = nullptr;
  }
  void let_go_all() {
    for (auto& [id, exchange] : exchanges) let_go(*exchange);
  }

  BlockPool pool;
  std::uint64_t now = 1'000'000;
  bool refuse = false;
  bool greedy = true;
  std::string log;
  std::string why;  // of the failure
  std::map<std::int32_t, std::unique_ptr<Exchange>> exchanges;
  std::unique_ptr<Exchange> refused;
  std::function<void(Exchange&)> at_stream;
  H2Codec codec;

 private:
  Exchange& add(std::int32_t id) {
    return *(exchanges[id] = std::make_unique<Exchange>(*this, greedy));
  }
};

inline void Exchange::on_head(bool end) {
  const bool informational =
      response.status >= 100 && response.status < 200 && response.status != 101;
  log += informational ? "informational " + std::to_string(response.status) : "head";
  log += end ? " end\n" : "\n";
  if (at_head) at_head();
}

inline void Exchange::on_body(Buffer& data, bool end) {
  body += data.to_string();
  if (greedy_) peer_.codec.consume(*stream, data.size());
  data.clear();
  if (end) log += "end\n";
  if (at_body) at_body(end);
}

inline void Exchange::on_trailers() {
  log += "trailers\n";
}

inline void Exchange::on_bad_message(const ParseError& error) {
  log += "bad " + std::string(error.why) + "\n";
  if (at_bad_message) at_bad_message(error);
  peer_.let_go(*this);
}

inline void Exchange::on_reset(const H2Reset& reset) {
  log += "reset " + std::string(h2_error_word(reset.code)) + (reset.by_peer ? " by_peer" : "") +
         (reset.unprocessed ? " unprocessed" : "") + "\n";
  peer_.let_go(*this);
}

// Moves bytes both ways, `piece` at once, until there are none.
inline void pump(Peer& one, Peer& other, std::size_t piece = SIZE_MAX) {
  for (;;) {
    const std::string there = one.write();
    other.feed(there, piece);
    const std::string back = other.write();
    one.feed(back, piece);
    if (there.empty() && back.empty()) return;
  }
}

}  // namespace weir::http::h2
