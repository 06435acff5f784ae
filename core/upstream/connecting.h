#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "core/event/timer.h"
#include "core/filter/reason.h"
#include "core/net/address.h"
#include "core/net/socket_transport.h"
#include "core/net/transport.h"
#include "core/upstream/starttls.h"

namespace weir::upstream {

class Attempt;
class EndpointPool;

// A connection that is being made. Belongs to its pool.
class Connecting final : public event::Deferred, private net::Transport::Owner {
 public:
  // With `starttls` it is made when the endpoint has agreed to that.
  Connecting(EndpointPool& pool, net::Descriptor socket, std::unique_ptr<StarttlsRequest> starttls);
  ~Connecting() override;

  // For whom; null once it was abandoned: the connection then goes to the pool.
  Attempt* attempt = nullptr;
  // The place in its pool's list.
  std::size_t index = 0;

  // Closes the socket, and reports nothing any more.
  void cancel();

 private:
  void on_ready(unsigned events) override;
  void on_timeout();
  void made();
  void failed(filter::Reason why, std::string_view text);

  EndpointPool& pool_;
  std::unique_ptr<net::Transport> transport_;
  std::unique_ptr<StarttlsRequest> starttls_;
  bool connected_ = false;
  event::Timer timer_;
};

}  // namespace weir::upstream
