#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::event {

// Two connected sockets.
struct Pair {
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0); }
  ~Pair() {
    close_near();
    close_far();
  }
  void close_near() { close_end(0); }
  void close_far() { close_end(1); }
  void send_near(char byte) { EXPECT_EQ(write(ends[1], &byte, 1), 1); }

  int ends[2];

 private:
  void close_end(int which) {
    if (ends[which] >= 0) close(ends[which]);
    ends[which] = -1;
  }
};

}  // namespace weir::event
