#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace weir::server {

// `overload:`: what Weir may use before it sheds load. Empty: any amount.
struct OverloadSpec {
  // So much, or a part of what there is.
  struct Amount {
    double percent = 0;
    std::uint64_t absolute = 0;  // unless 0, in place of the part

    // At least 1, and at most 2^62.
    std::uint64_t of(std::uint64_t all) const {
      if (absolute != 0) return absolute;
      constexpr double kMost = std::uint64_t{1} << 62;
      const double part = static_cast<double>(all) * percent / 100;
      return static_cast<std::uint64_t>(std::clamp(part, 1.0, kMost));
    }
    friend bool operator==(const Amount&, const Amount&) = default;
  };

  std::optional<Amount> memory = Amount{.percent = 50};  // bytes; of the machine's or cgroup's
  std::optional<std::chrono::milliseconds> loop_delay{200};
  std::optional<Amount> descriptors = Amount{.percent = 100};  // of the limit of the process
};

}  // namespace weir::server
