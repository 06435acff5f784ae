#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/arena.h"
#include "core/http/message.h"
#include "core/upstream/attempt.h"
#include "core/upstream/http_connection.h"
#include "core/upstream/local_cluster.h"

namespace weir::test {

// One exchange, as the router would make it, that remembers all that happened.
class Client : public upstream::Attempt::Owner, public upstream::ResponseHandler {
 public:
  explicit Client(upstream::LocalCluster& cluster) : cluster_(&cluster), attempt(*this) {
    request.method = http::Method::Get;
    request.method_name = "GET";
    request.authority = "origin";
    request.path = "/";
  }
  virtual ~Client() = default;

  void begin(upstream::Attempt::Options options = {}) {
    switch (attempt.begin(*cluster_, options)) {
      case upstream::Attempt::Begun::Ready:
        note("ready");
        connected();
        break;
      case upstream::Attempt::Begun::Pending:
        break;
      case upstream::Attempt::Begun::Failed:
        note("failed:" + std::string(to_string(attempt.failure())));
        break;
    }
  }
  void post(std::uint64_t length) {
    request.method = http::Method::Post;
    request.method_name = "POST";
    request.body = length == UINT64_MAX ? http::BodyKind::Chunked : http::BodyKind::Length;
    request.content_length = length;
  }
  bool send(std::string_view text, bool end) {
    Buffer data;
    data.append_copy(cluster_->reactor().blocks(), text);
    return attempt.connection()->send_body(data, end);
  }

  std::string events;  // separated by spaces
  std::string body;
  bool over() const { return done; }
  bool has(std::string_view event) const { return events.find(event) != std::string::npos; }

  Arena arena;
  http::Request request{arena};
  http::Response response_{arena};
  http::HeaderMap trailers{arena};
  std::vector<BlockRef> blocks;
  // Called in each callback with its name.
  std::function<void(std::string_view)> on_event;
  bool done = false;
  bool auto_end = true;  // ends the attempt when the exchange is over

 protected:
  void on_connection(upstream::Attempt&) override {
    note("connected");
    if (attempt.connection() != nullptr) connected();
  }
  void on_no_connection(upstream::Attempt&, filter::Reason why) override {
    note("no_connection:" + std::string(to_string(why)));
    finish();
  }

  http::Response& response() override { return response_; }
  http::HeaderMap& response_trailers() override { return trailers; }
  void hold(const BlockRef& block) override { blocks.push_back(block); }
  void on_informational() override { note(std::to_string(response_.status)); }
  void on_response_head(bool end) override {
    note(std::to_string(response_.status) + (end ? ":end" : ""));
    if (end) finish();
  }
  void on_response_body(Buffer& data, bool end) override {
    body += data.to_string();
    data.clear();
    note(end ? "end" : "body");
    if (end && response_.status != 101) finish();
  }
  void on_response_trailers() override {
    std::string text = "trailers";
    for (const http::Header& field : trailers.all()) {
      text += ":" + std::string(field.name()) + "=" + std::string(field.value());
    }
    note(text);
    finish();
  }
  void on_request_drained() override { note("drained"); }
  void on_exchange_failed(const upstream::ExchangeFailure& failure) override {
    std::string text = "failed:" + std::string(to_string(failure.why));
    if (failure.nothing_sent) text += ":nothing_sent";
    if (failure.nothing_received) text += ":nothing_received";
    note(text);
    finish();
  }

 private:
  void connected() {
    const bool bare = request.body == http::BodyKind::None;
    if (!attempt.connection()->begin(*this, request, bare)) note("not_written");
  }
  void finish() {
    done = true;
    if (auto_end) attempt.end();
  }
  void note(const std::string& event) {
    if (!events.empty()) events += ' ';
    events += event;
    if (on_event) on_event(event);
  }

  upstream::LocalCluster* cluster_;

 public:
  upstream::Attempt attempt;  // last: it ends first
};

}  // namespace weir::test
