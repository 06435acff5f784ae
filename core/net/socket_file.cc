#include "core/net/socket_file.h"

#include <sys/stat.h>
#include <unistd.h>

namespace weir::net {

SocketFile::SocketFile(const Address& address) {
  if (address.family() != Address::Family::Unix) return;
  struct stat file;
  const std::string path(address.unix_path());
  if (stat(path.c_str(), &file) != 0) return;
  path_ = path;
  device_ = file.st_dev;
  inode_ = file.st_ino;
}

SocketFile::~SocketFile() {
  if (!path_.empty() && is_there()) unlink(path_.c_str());
}

bool SocketFile::is_there() const {
  struct stat file;
  return path_.empty() ||
         (stat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_);
}

}  // namespace weir::net
