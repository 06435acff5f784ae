#include "core/base/file_signature.h"

#include <sys/stat.h>

namespace weir {

FileSignature FileSignature::of(const std::string& path) {
  struct stat about;
  if (stat(path.c_str(), &about) != 0) return {};
  FileSignature signature{.device = about.st_dev, .inode = about.st_ino};
  if (S_ISREG(about.st_mode)) {
    signature.size = static_cast<std::uint64_t>(about.st_size);
    signature.modified_ns =
        std::int64_t{about.st_mtim.tv_sec} * 1'000'000'000 + about.st_mtim.tv_nsec;
  }
  return signature;
}

}  // namespace weir
