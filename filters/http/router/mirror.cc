#include "filters/http/router/mirror.h"

#include <algorithm>

namespace weir::filters {

using upstream::Attempt;

MirrorExchange::MirrorExchange(Mirrors& owner, event::Reactor& reactor,
                               const http::Request& request, const filter::ConnectionInfo& info,
                               Buffer body)
    : owner_(owner),
      request_(arena_),
      response_(arena_),
      trailers_(arena_),
      client_(info.client),
      local_(info.local),
      body_(std::move(body)),
      attempt_(*this),
      timer_(event::Timer::of<&MirrorExchange::end>(reactor.loop().timers(), this)) {
  request_.method = request.method;
  request_.method_name = arena_.copy(request.method_name);
  request_.scheme = arena_.copy(request.scheme);
  request_.authority = arena_.copy(request.authority);
  request_.path = arena_.copy(request.path);
  request_.query = arena_.copy(request.query);
  request_.body = body_.empty() ? http::BodyKind::None : http::BodyKind::Length;
  request_.content_length = body_.size();
  for (const http::Header& field : request.headers.all()) {
    if (field.id() == http::HeaderId::Expect || field.id() == http::HeaderId::Trailer) continue;
    request_.headers.add_view(field.id(), arena_.copy(field.name()), arena_.copy(field.value()));
  }
}

void MirrorExchange::start(upstream::LocalCluster& cluster, std::uint64_t timeout_ms) {
  cluster_ = &cluster;
  timer_.arm(timeout_ms);
  Attempt::Options options;
  options.client = &client_;
  options.local = &local_;
  options.may_queue = false;
  switch (attempt_.begin(cluster, options)) {
    case Attempt::Begun::Ready:
      on_connection(attempt_);
      break;
    case Attempt::Begun::Pending:
      break;
    case Attempt::Begun::Failed:
      drop();
      break;
  }
}

void MirrorExchange::on_connection(Attempt&) {
  upstream::HttpConnection& connection = *attempt_.connection();
  const bool bare = body_.empty();
  if (!connection.begin(*this, request_, bare) || (!bare && !connection.send_body(body_, true))) {
    drop();
  }
}

void MirrorExchange::drop() {
  cluster_->counters().mirrors_dropped.add();
  end();
}

void MirrorExchange::on_response_head(bool end) {
  if (end) this->end();
}

void MirrorExchange::on_response_body(Buffer& data, bool end) {
  data.clear();
  if (end) this->end();
}

void MirrorExchange::end() {
  if (ended_) return;
  ended_ = true;
  timer_.cancel();
  attempt_.end();
  owner_.remove(*this);
}

void Mirrors::send(upstream::LocalCluster& cluster, const http::Request& request,
                   const filter::ConnectionInfo& info, Buffer body, std::uint64_t timeout_ms) {
  // Nobody waits for a copy: it takes nothing that somebody may need.
  if (exchanges_.size() >= std::min<std::size_t>(kMax, reactor_.most_copies()) ||
      reactor_.pressure() != Pressure::None) {
    cluster.counters().mirrors_dropped.add();
    return;
  }
  MirrorExchange& exchange = *exchanges_.emplace_back(
      std::make_unique<MirrorExchange>(*this, reactor_, request, info, std::move(body)));
  exchange.index = exchanges_.size() - 1;
  exchange.start(cluster, timeout_ms);
}

void Mirrors::remove(MirrorExchange& exchange) {
  const std::size_t place = exchange.index;
  std::unique_ptr<MirrorExchange> gone = std::move(exchanges_[place]);
  if (place + 1 != exchanges_.size()) {
    exchanges_[place] = std::move(exchanges_.back());
    exchanges_[place]->index = place;
  }
  exchanges_.pop_back();
  reactor_.loop().retire(std::move(gone));
}

}  // namespace weir::filters
