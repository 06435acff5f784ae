#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/filter/http_filter.h"
#include "core/filter/stream.h"

namespace weir::test {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

// One request as it left the filters, and what the fake upstream does with it. Stays when the
// stream is gone.
class Exchange {
 public:
  std::string method;
  std::string authority;
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> trailers;
  std::string body;
  std::size_t pieces = 0;  // calls of on_request_body with bytes
  bool ended = false;      // the request is complete
  bool paused = false;     // the response is not taken
  int cancels = 0;
  filter::Stream* stream = nullptr;  // null when it is gone

  bool live() const { return stream != nullptr && cancels == 0; }
  std::string header(std::string_view name) const {
    std::string all;
    for (const auto& [n, value] : headers) {
      if (n == name) all += (all.empty() ? "" : "|") + value;
    }
    return all;
  }

  // --- the response
  // --------------------------------------------------------------------------------
  void inform(std::uint16_t status, const Fields& fields = {}) {
    fill(status, fields);
    stream->respond_informational();
  }
  // A head with a body to follow; `length` null: unknown.
  void head(std::uint16_t status, const std::uint64_t* length = nullptr,
            const Fields& fields = {}) {
    http::Response& response = fill(status, fields);
    response.body = length == nullptr ? http::BodyKind::Chunked : http::BodyKind::Length;
    response.content_length = length == nullptr ? 0 : *length;
    stream->respond_head(false);
  }
  void head_only(std::uint16_t status, const Fields& fields = {}) {
    fill(status, fields);
    stream->respond_head(true);
  }
  void upgrade() {
    http::Response& response = fill(101, {});
    response.upgrade = "websocket";
    stream->respond_head(false);
  }
  void send(std::string_view bytes, bool end = false) {
    Buffer data;
    data.append_copy(stream->reactor().blocks(), bytes);
    stream->respond_body(data, end);
  }
  void end() { send({}, true); }
  void send_trailers(const Fields& fields) {
    for (const auto& [name, value] : fields) stream->response_trailers().add(name, value);
    stream->respond_trailers();
  }
  // A whole response with Content-Length.
  void respond(std::string_view text, std::uint16_t status = 200, const Fields& fields = {}) {
    const std::uint64_t length = text.size();
    if (text.empty()) {
      head_only(status, fields);
      return;
    }
    head(status, &length, fields);
    if (live()) send(text, true);
  }

 private:
  http::Response& fill(std::uint16_t status, const Fields& fields) {
    http::Response& response = stream->response();
    response.headers.clear();
    response.status = status;
    response.body = http::BodyKind::None;
    response.content_length = 0;
    for (const auto& [name, value] : fields) response.headers.add(name, value);
    return response;
  }
};

// A terminal that keeps every request and answers as the test says.
class FakeUpstream final {
 public:
  // Called when the head came, and when the request is complete. Either may answer.
  std::function<void(Exchange&)> on_head;
  std::function<void(Exchange&)> on_body;
  std::function<void(Exchange&)> on_end;
  std::function<void(Exchange&)> on_paused;
  // False keeps no exchanges beyond their streams.
  bool keeps = true;

  std::vector<std::unique_ptr<Exchange>> exchanges;
  Exchange& last() { return *exchanges.back(); }
  // Terminals that exist now.
  std::size_t live = 0;

  // For a chain; this outlives it.
  std::unique_ptr<filter::HttpTerminalFactory> make_factory() {
    return std::make_unique<Factory>(*this);
  }

 private:
  class Terminal final : public filter::HttpTerminal {
   public:
    Terminal(FakeUpstream& upstream, Exchange& exchange, filter::Stream& stream)
        : upstream_(upstream), exchange_(exchange) {
      ++upstream_.live;
      exchange_.stream = &stream;
    }
    ~Terminal() override {
      --upstream_.live;
      exchange_.stream = nullptr;
      if (upstream_.keeps) return;
      std::erase_if(upstream_.exchanges,
                    [this](const auto& kept) { return kept.get() == &exchange_; });
    }

    void on_request(bool end) override {
      const http::Request& request = exchange_.stream->request();
      exchange_.method = request.method_name;
      exchange_.authority = request.authority;
      exchange_.path = std::string(request.path) + std::string(request.query);
      for (const http::Header& field : request.headers.all()) {
        exchange_.headers.emplace_back(field.name(), field.value());
      }
      if (upstream_.on_head) upstream_.on_head(exchange_);
      if (end) request_over();
    }
    void on_request_body(Buffer& data, bool end) override {
      if (!data.empty()) ++exchange_.pieces;
      exchange_.body += data.to_string();
      data.clear();
      if (upstream_.on_body) upstream_.on_body(exchange_);
      if (end) request_over();
    }
    void on_request_trailers(http::HeaderMap& trailers) override {
      for (const http::Header& field : trailers.all()) {
        exchange_.trailers.emplace_back(field.name(), field.value());
      }
      request_over();
    }
    void on_response_paused(bool paused) override {
      exchange_.paused = paused;
      if (upstream_.on_paused) upstream_.on_paused(exchange_);
    }
    void on_cancel() override { ++exchange_.cancels; }

   private:
    void request_over() {
      exchange_.ended = true;
      if (exchange_.live() && upstream_.on_end) upstream_.on_end(exchange_);
    }

    FakeUpstream& upstream_;
    Exchange& exchange_;
  };

  class Factory final : public filter::HttpTerminalFactory {
   public:
    explicit Factory(FakeUpstream& upstream) : upstream_(upstream) {}
    filter::HttpTerminal* create(filter::Stream& stream) const override {
      upstream_.exchanges.push_back(std::make_unique<Exchange>());
      return stream.arena().make<Terminal>(upstream_, upstream_.last(), stream);
    }

   private:
    FakeUpstream& upstream_;
  };
};

}  // namespace weir::test
