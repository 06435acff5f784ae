#pragma once

#include <cstdint>
#include <string>

namespace weir {

// What tells whether the file at a path is another than before, or was written: without reading
// it. Nothing at the path is a signature too; of what is no file, only which one it is counts.
struct FileSignature {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;  // of the file that links lead to
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;

  static FileSignature of(const std::string& path);
  bool operator==(const FileSignature&) const = default;
};

}  // namespace weir
