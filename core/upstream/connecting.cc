#include "core/upstream/connecting.h"

#include "core/net/socket.h"
#include "core/upstream/endpoint_pool.h"
#include "core/upstream/local_cluster.h"

namespace weir::upstream {

Connecting::Connecting(EndpointPool& pool, net::Descriptor socket)
    : pool_(pool),
      transport_(std::make_unique<net::SocketTransport>(pool.cluster().reactor().loop(),
                                                        std::move(socket))),
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
  timer_.cancel();
  if (net::connect_result(transport_->raw_fd()) == 0) {
    pool_.on_connected(*this, std::move(transport_));
  } else {
    transport_.reset();
    pool_.on_connect_failed(*this, false);
  }
}

void Connecting::on_timeout() {
  transport_.reset();
  pool_.on_connect_failed(*this, true);
}

}  // namespace weir::upstream
