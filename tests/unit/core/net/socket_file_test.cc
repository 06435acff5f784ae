#include "core/net/socket_file.h"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/net/socket.h"

namespace weir::net {
namespace {

// A bound unix socket in a place of its own.
struct Bound {
  Address address =
      Address::parse("unix:" + testing::TempDir() + "weir." + std::to_string(getpid()) + ".sock")
          .value();
  Result<std::vector<Descriptor>> sockets = listen_on(address, {});
  std::string path{address.unix_path()};

  Bound() { EXPECT_TRUE(sockets); }
  ~Bound() { std::remove(path.c_str()); }
  bool exists() const { return access(path.c_str(), F_OK) == 0; }
};

TEST(SocketFile, RemovesWhatItMade) {
  Bound bound;
  {
    SocketFile file(bound.address);
    EXPECT_TRUE(file.is_there());
    EXPECT_TRUE(bound.exists());
  }
  EXPECT_FALSE(bound.exists());
}

TEST(SocketFile, LeavesWhatTookItsPlace) {
  Bound bound;
  {
    SocketFile file(bound.address);
    const std::string aside = bound.path + ".aside";
    ASSERT_EQ(std::rename(bound.path.c_str(), aside.c_str()), 0);
    EXPECT_FALSE(file.is_there());
    std::ofstream(bound.path) << "precious";
    EXPECT_FALSE(file.is_there());
    std::remove(aside.c_str());
  }
  EXPECT_TRUE(bound.exists());
}

TEST(SocketFile, IsNothingForOtherAddresses) {
  const SocketFile file(Address::parse("127.0.0.1:80").value());
  EXPECT_TRUE(file.is_there());
}

}  // namespace
}  // namespace weir::net
