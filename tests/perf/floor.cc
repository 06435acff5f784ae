// The floor: a bare TCP forwarder on libuv, the least that a proxy on libuv can cost. One read and
// one write per message, 64 KiB at a time, no parsing, one upstream connection per client
// connection, one thread.
//
//   weir_floor LISTEN-PORT UPSTREAM-PORT        both on 127.0.0.1; runs until it is killed

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <uv.h>

namespace {

constexpr size_t kBufferSize = 64 * 1024;

class Forwarder;

// One direction's source. Its buffer holds what was read until all of it is written to the peer;
// reading is stopped while some of it waits.
struct Side {
  uv_tcp_t tcp;
  uv_write_t write;
  uv_shutdown_t shutdown;
  Forwarder* forwarder;
  Side* peer;
  bool ended = false;
  char buffer[kBufferSize];
};

// A client connection and its upstream connection. Owns itself: freed when both handles are closed.
class Forwarder {
 public:
  Forwarder(uv_loop_t* loop, const sockaddr_in& upstream) : upstream_(upstream) {
    init(loop, client_, origin_);
    init(loop, origin_, client_);
  }

  void start(uv_stream_t* listener) {
    if (uv_accept(listener, stream(client_)) != 0) return close();
    uv_tcp_nodelay(&client_.tcp, 1);
    uv_tcp_nodelay(&origin_.tcp, 1);
    connect_.data = this;
    const auto* address = reinterpret_cast<const sockaddr*>(&upstream_);
    if (uv_tcp_connect(&connect_, &origin_.tcp, address, on_connect) != 0) close();
  }

 private:
  static uv_stream_t* stream(Side& side) { return reinterpret_cast<uv_stream_t*>(&side.tcp); }
  static uv_handle_t* handle(Side& side) { return reinterpret_cast<uv_handle_t*>(&side.tcp); }

  void init(uv_loop_t* loop, Side& side, Side& peer) {
    uv_tcp_init(loop, &side.tcp);
    side.tcp.data = side.write.data = side.shutdown.data = &side;
    side.forwarder = this;
    side.peer = &peer;
  }

  static void on_connect(uv_connect_t* request, int status) {
    auto* self = static_cast<Forwarder*>(request->data);
    if (status != 0) return self->close();
    self->read(self->client_);
    self->read(self->origin_);
  }

  void read(Side& side) {
    if (!closing_ && uv_read_start(stream(side), on_alloc, on_read) != 0) close();
  }

  static void on_alloc(uv_handle_t* handle, size_t, uv_buf_t* out) {
    *out = uv_buf_init(static_cast<Side*>(handle->data)->buffer, kBufferSize);
  }

  static void on_read(uv_stream_t* stream, ssize_t count, const uv_buf_t*) {
    auto& side = *static_cast<Side*>(stream->data);
    if (count > 0) {
      side.forwarder->forward(side, static_cast<size_t>(count));
    } else if (count == UV_EOF) {
      side.forwarder->end(side);
    } else if (count < 0) {
      side.forwarder->close();
    }
  }

  void forward(Side& side, size_t count) {
    uv_buf_t bytes = uv_buf_init(side.buffer, static_cast<unsigned>(count));
    const int written = uv_try_write(stream(*side.peer), &bytes, 1);
    if (written < 0 && written != UV_EAGAIN) return close();
    const size_t done = written < 0 ? 0 : static_cast<size_t>(written);
    if (done == count) return;
    uv_read_stop(stream(side));
    bytes = uv_buf_init(side.buffer + done, static_cast<unsigned>(count - done));
    if (uv_write(&side.write, stream(*side.peer), &bytes, 1, on_written) != 0) close();
  }

  static void on_written(uv_write_t* request, int status) {
    auto& side = *static_cast<Side*>(request->data);
    if (status != 0) return side.forwarder->close();
    side.forwarder->read(side);
  }

  void end(Side& side) {
    side.ended = true;
    uv_read_stop(stream(side));
    if (side.peer->ended) return close();
    if (uv_shutdown(&side.shutdown, stream(*side.peer), on_shutdown) != 0) close();
  }

  static void on_shutdown(uv_shutdown_t* request, int status) {
    if (status != 0) static_cast<Side*>(request->data)->forwarder->close();
  }

  void close() {
    if (closing_) return;
    closing_ = true;
    uv_close(handle(client_), on_close);
    uv_close(handle(origin_), on_close);
  }

  static void on_close(uv_handle_t* handle) {
    Forwarder* self = static_cast<Side*>(handle->data)->forwarder;
    if (++self->closed_ == 2) delete self;
  }

  sockaddr_in upstream_;
  uv_connect_t connect_;
  Side client_;
  Side origin_;
  bool closing_ = false;
  int closed_ = 0;
};

void on_connection(uv_stream_t* listener, int status) {
  if (status != 0) return;
  const auto* upstream = static_cast<const sockaddr_in*>(listener->data);
  (new Forwarder(listener->loop, *upstream))->start(listener);
}

void check(const char* what, int status) {
  if (status == 0) return;
  std::fprintf(stderr, "weir_floor: %s: %s\n", what, uv_strerror(status));
  std::exit(3);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: weir_floor LISTEN-PORT UPSTREAM-PORT\n");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  sockaddr_in address;
  sockaddr_in upstream;
  check("listen port", uv_ip4_addr("127.0.0.1", std::atoi(argv[1]), &address));
  check("upstream port", uv_ip4_addr("127.0.0.1", std::atoi(argv[2]), &upstream));

  uv_loop_t* loop = uv_default_loop();
  uv_tcp_t listener;
  check("socket", uv_tcp_init(loop, &listener));
  listener.data = &upstream;
  check("bind", uv_tcp_bind(&listener, reinterpret_cast<const sockaddr*>(&address), 0));
  check("listen", uv_listen(reinterpret_cast<uv_stream_t*>(&listener), 1024, on_connection));
  return uv_run(loop, UV_RUN_DEFAULT);
}
