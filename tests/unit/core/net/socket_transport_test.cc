#include "core/net/socket_transport.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/connection.h"
#include "core/net/descriptor.h"
#include "tests/support/unit/pipe.h"

namespace weir::net {
namespace {

using test::in_turn;

// Both ends of a TCP connection.
struct Sockets {
  Sockets() {
    const Descriptor listener(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const place = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener.get(), place, size), 0);
    EXPECT_EQ(listen(listener.get(), 1), 0);
    EXPECT_EQ(getsockname(listener.get(), place, &size), 0);
    far = Descriptor(socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(connect(far.get(), place, size), 0);
    near = Descriptor(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK));
    const int on = 1;
    EXPECT_EQ(setsockopt(near.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
  }
  std::uint32_t segments_at_far() const {
    tcp_info info{};
    socklen_t size = sizeof info;
    EXPECT_EQ(getsockopt(far.get(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
    return info.tcpi_segs_in;
  }
  std::string read_far_to_its_end() const {
    std::string bytes;
    std::array<char, 100> space;
    for (ssize_t got; (got = read(far.get(), space.data(), space.size())) > 0;) {
      bytes.append(space.data(), static_cast<std::size_t>(got));
    }
    return bytes;
  }
  Descriptor near;
  Descriptor far;
};

struct NoOwner final : Connection::Owner {
  void on_input() override {}
  void on_input_end() override {}
  void on_output_drained() override {}
  void on_closed(CloseReason) override {}
};

TEST(SocketTransport, SendsTheEndInTheSegmentOfTheLastOutput) {
  event::Loop loop;
  BlockPool blocks;
  NoOwner owner;
  for (const auto end : {&Connection::close_when_written, &Connection::close_when_flushed}) {
    Sockets sockets;
    Connection connection(loop, blocks,
                          std::make_unique<SocketTransport>(loop, std::move(sockets.near)), owner);
    const std::uint32_t before = sockets.segments_at_far();
    in_turn(loop, [&] {
      connection.start();
      connection.output().append_copy(blocks, "the answer");
      (connection.*end)();
    });
    EXPECT_EQ(sockets.read_far_to_its_end(), "the answer");
    EXPECT_EQ(sockets.segments_at_far() - before, 1u);
    in_turn(loop, [&] { connection.close(); });
  }
}

}  // namespace
}  // namespace weir::net
