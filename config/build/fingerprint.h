#pragma once

#include <cstdint>
#include <string_view>

#include "config/reading.h"

namespace weir::config {

// A number that is the same for what is written alike, in every process, and most likely differs
// otherwise.
class Fingerprint {
 public:
  void add(std::string_view text);
  // Positions, quotes and the order of keys do not count; `${…}` counts as what it stands for.
  void add(const Node& node, Reading& reading);

  std::uint64_t value() const { return hash_; }

 private:
  void add_byte(unsigned char byte);

  std::uint64_t hash_ = 14695981039346656037u;  // FNV-1a
};

}  // namespace weir::config
