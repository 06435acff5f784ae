#include "core/upstream/connecting.h"

#include "core/net/socket.h"
#include "core/upstream/endpoint_pool.h"
#include "core/upstream/local_cluster.h"

namespace weir::upstream {

Connecting::Connecting(EndpointPool& pool, net::Descriptor socket,
                       std::unique_ptr<StarttlsRequest> starttls)
    : pool_(pool),
      transport_(std::make_unique<net::SocketTransport>(pool.cluster().reactor().loop(),
                                                        std::move(socket))),
      starttls_(std::move(starttls)),
      timer_(event::Timer::of<&Connecting::on_timeout>(pool.cluster().reactor().loop().timers(),
                                                       this)) {
  transport_->set_owner(*this);
  transport_->want(event::kWritable);
  timer_.arm(static_cast<std::uint64_t>(pool.cluster().spec().connect_timeout.count()));
}

Connecting::~Connecting() = default;

void Connecting::cancel() {
  timer_.cancel();
  transport_.reset();
}

void Connecting::on_ready(unsigned) {
  if (!connected_ && net::connect_result(transport_->raw_fd()) != 0) {
    failed(filter::Reason::ConnectFailed, "refused");
    return;
  }
  connected_ = true;
  if (starttls_ == nullptr) {
    made();
    return;
  }
  switch (starttls_->advance(*transport_)) {
    case StarttlsRequest::Outcome::Pending:
      transport_->want(starttls_->wants());
      break;
    case StarttlsRequest::Outcome::Accepted:
      made();
      break;
    case StarttlsRequest::Outcome::Refused:
      failed(filter::Reason::StarttlsRefused, starttls_->why());
      break;
  }
}

void Connecting::on_timeout() {
  failed(filter::Reason::ConnectTimeout, "it does not answer");
}

void Connecting::made() {
  timer_.cancel();
  pool_.on_connected(*this, std::move(transport_));
}

void Connecting::failed(filter::Reason why, std::string_view text) {
  cancel();
  pool_.on_connect_failed(*this, why, text);
}

}  // namespace weir::upstream
