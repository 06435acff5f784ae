#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/filter/http_sink.h"
#include "core/filter/stream_pool.h"
#include "tests/support/unit/fake_upstream.h"
#include "tests/support/unit/keeping_observer.h"
#include "tests/support/unit/pipe.h"
#include "tests/support/unit/recording_filter.h"

namespace weir::test {

// Takes a response as the session of a connection would.
class FakeSink final : public filter::HttpSink {
 public:
  std::vector<int> informational;
  int status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> trailers;
  bool ended = false;
  bool tunnel = false;
  bool paused = false;  // the request's source
  int pauses = 0;       // how often it was
  int aborts = 0;
  int overs = 0;

  std::string header(std::string_view name) const {
    for (const auto& [n, value] : headers) {
      if (n == name) return value;
    }
    return {};
  }

  void send_informational(http::Response& response) override {
    informational.push_back(response.status);
  }
  void send_head(http::Response& response, bool end) override {
    EXPECT_EQ(status, 0);
    status = response.status;
    for (const http::Header& field : response.headers.all()) {
      headers.emplace_back(field.name(), field.value());
    }
    ended = end;
  }
  void send_body(Buffer& data, bool end) override {
    EXPECT_NE(status, 0);
    EXPECT_FALSE(ended);
    body += data.to_string();
    data.clear();
    ended = end;
  }
  void send_trailers(http::HeaderMap& fields) override {
    EXPECT_FALSE(ended);
    for (const http::Header& field : fields.all()) {
      trailers.emplace_back(field.name(), field.value());
    }
    ended = true;
  }
  void start_tunnel() override { tunnel = true; }
  void pause_request(bool now) override {
    EXPECT_NE(paused, now);
    paused = now;
    if (now) ++pauses;
  }
  void abort() override { ++aborts; }
  void stream_over() override { ++overs; }
};

// Streams one after the other through recording filters, between a fake session and a fake
// upstream. Everything must be gone when it is destroyed.
class StreamRig final {
 public:
  StreamRig() {
    chain.name = "main";
    chain.http = std::make_unique<filter::HttpChain>();
    chain.http->terminal = upstream.make_factory();
    host.listener = "front";
    host.name = "main";
    host.chain = &chain;
    host.observer = &observer;
    info.peer = info.client = *net::Address::parse_ip("192.0.2.7", 4711);
    info.listener = "front";
    info.chain = "main";
    info.write_client_ip();
    violations_before_ = filter::HttpContext::violations();
  }
  ~StreamRig() {
    if (stream != nullptr && sink->overs == 0) {
      turn([&] {
        stream->on_connection_gone(filter::EndedBy::Client, filter::Reason::ClientReset);
      });
    }
    EXPECT_EQ(reactor.local<filter::StreamPool>().live(), 0u);
    EXPECT_EQ(upstream.live, 0u);
    EXPECT_EQ(reactor.blocks().bytes_in_use(), 0u);
    EXPECT_FALSE(log.nested);
    EXPECT_FALSE(log.complete_nested);
    for (const FilterPlan& plan : plans) {
      if ((plan.hooks & filter::kOnComplete) != 0) {
        EXPECT_EQ(plan.joined, plan.completed);
      }
    }
  }

  // Adds a filter behind the others of the chain.
  FilterPlan& add(std::string name, std::uint8_t hooks = 0xff) {
    const auto order = static_cast<std::uint32_t>(chain.http->filters.entries.size());
    FilterPlan& plan = make(std::move(name), hooks);
    chain.http->filters.entries.push_back({&items.back(), order});
    return plan;
  }
  // A filter that is in no list yet: its item is items.back().
  FilterPlan& make(std::string name, std::uint8_t hooks = 0xff) {
    FilterPlan& plan = plans.emplace_back();
    plan.name = std::move(name);
    plan.hooks = hooks;
    items.push_back({plan.name, std::make_unique<RecordingFactory>(plan, log)});
    return plan;
  }

  event::Loop& loop() { return reactor.loop(); }
  template <typename Task>
  void turn(Task task) {
    in_turn(loop(), task);
  }
  // A new stream whose request head comes now.
  void request(bool end = true, std::string_view path = "/", const Fields& fields = {}) {
    sinks_.push_back(std::make_unique<FakeSink>());
    sink = sinks_.back().get();
    turn([&] {
      stream = &filter::Stream::begin(reactor, *sink, host, info);
      http::Request& request = stream->request();
      request.method = http::Method::Post;
      request.method_name = "POST";
      request.scheme = "http";
      request.authority = request.host = "a";
      request.path = stream->arena().copy(path);
      request.body = end ? http::BodyKind::None : http::BodyKind::Chunked;
      for (const auto& [name, value] : fields) request.headers.add(name, value);
      stream->on_request_head(end);
    });
  }
  void body(std::string_view bytes, bool end = false) {
    turn([&] {
      Buffer data;
      data.append_copy(reactor.blocks(), bytes);
      stream->on_request_body(data, end);
    });
  }
  void trailers(std::string_view name, std::string_view value) {
    turn([&] {
      stream->request_trailers().add(name, value);
      stream->on_request_trailers();
    });
  }
  Exchange& exchange() { return upstream.last(); }
  // Calls at a wrong moment since the last call.
  std::uint64_t violations() {
    const std::uint64_t now = filter::HttpContext::violations();
    return now - std::exchange(violations_before_, now);
  }
  bool over() const { return sink->overs == 1; }

  event::Reactor reactor{0};
  FakeUpstream upstream;
  FilterLog log;
  std::deque<FilterPlan> plans;
  std::deque<filter::HttpFilterItem> items;
  filter::Chain chain;
  filter::ChainHost host;
  KeepingObserver observer;
  filter::ConnectionInfo info;
  filter::Stream* stream = nullptr;
  FakeSink* sink = nullptr;

 private:
  std::vector<std::unique_ptr<FakeSink>> sinks_;
  std::uint64_t violations_before_ = 0;
};

}  // namespace weir::test
