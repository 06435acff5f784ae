#pragma once

#include <string>
#include <utility>

#include <sys/types.h>

#include "core/net/address.h"

namespace weir::net {

// The file of a unix socket that this process has made: it is removed with this, unless somebody
// has put another in its place. Of other addresses it is nothing.
class SocketFile {
 public:
  SocketFile() = default;
  // `address` was bound a moment ago.
  explicit SocketFile(const Address& address);
  SocketFile(SocketFile&& other) noexcept { swap(other); }
  SocketFile& operator=(SocketFile&& other) noexcept {
    swap(other);
    return *this;
  }
  ~SocketFile();

  // Whether it can still be reached by its path; true for nothing.
  bool is_there() const;

 private:
  void swap(SocketFile& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(device_, other.device_);
    std::swap(inode_, other.inode_);
  }

  std::string path_;  // empty for nothing
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace weir::net
