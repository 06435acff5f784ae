#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "config/schema.h"
#include "core/server/overload_spec.h"

namespace weir::config::model {

// Of memory: a part of what there is, or so much.
struct MemoryAmount {
  static constexpr Size kLeast = 4_MiB;
  server::OverloadSpec::Amount amount;
};
// The same of descriptors.
struct DescriptorAmount {
  static constexpr std::uint64_t kLeast = 64;
  server::OverloadSpec::Amount amount;
};

// `overload:`, when load is shed.
struct Overload {
  std::optional<MemoryAmount> memory{{*server::OverloadSpec{}.memory}};
  std::optional<std::chrono::milliseconds> loop_delay{server::OverloadSpec{}.loop_delay};
  std::optional<DescriptorAmount> descriptors{{*server::OverloadSpec{}.descriptors}};

  static constexpr std::string_view type_name = "overload";
  static constexpr auto fields = std::tuple{
      field("memory", &Overload::memory,
            "for buffers and streams: a size, or a part of what the machine or cgroup has; the "
            "program, the configuration and 1 KiB for each connection stand beside it")
          .or_off(),
      field("loop_delay", &Overload::loop_delay, "how late a worker may be, smoothed over a second")
          .range(std::chrono::milliseconds(10), std::chrono::minutes(1))
          .or_off(),
      field("descriptors", &Overload::descriptors,
            "open at once: a number, or a part of the limit of the process")
          .or_off()};

  server::OverloadSpec spec() const;
};

}  // namespace weir::config::model

namespace weir::config {

template <>
struct Scalar<model::MemoryAmount> {
  static constexpr std::string_view word = "size or percent";
  static constexpr std::string_view wanted = "a size such as 512MiB, or a part such as 50%";
  static constexpr std::string_view pattern =
      "0*(100(\\.0+)?|[1-9][0-9]?(\\.[0-9]+)?)%|[0-9]+(\\.[0-9]+)?(B|[kKMGT]B|[KMGT]iB)";
  static Result<model::MemoryAmount> parse(std::string_view text);
  static std::string show(const model::MemoryAmount& value);
};

template <>
struct Scalar<model::DescriptorAmount> {
  static constexpr std::string_view word = "integer or percent";
  static constexpr std::string_view wanted = "a whole number, or a part such as 80%";
  static constexpr Literal literal = Literal::Integer;
  static constexpr std::int64_t least = model::DescriptorAmount::kLeast;
  static constexpr std::string_view pattern = "[0-9]+|0*(100(\\.0+)?|[1-9][0-9]?(\\.[0-9]+)?)%";
  static Result<model::DescriptorAmount> parse(std::string_view text);
  static std::string show(const model::DescriptorAmount& value);
};

}  // namespace weir::config
