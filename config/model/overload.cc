#include "config/model/overload.h"

#include "config/values.h"

namespace weir::config {
namespace {

using Amount = server::OverloadSpec::Amount;

Result<Amount> parse_part(std::string_view text) {
  const auto part = parse_percent(text);
  if (!part) return part.error();
  if (part->value < 1) return config_error("must be at least 1%, or off");
  return Amount{.percent = part->value};
}

std::string show_part(const Amount& amount) {
  return config::show(Percent{amount.percent}) + "%";
}

}  // namespace

Result<model::MemoryAmount> Scalar<model::MemoryAmount>::parse(std::string_view text) {
  if (text.ends_with('%')) {
    WEIR_TRY(part, parse_part(text));
    return model::MemoryAmount{part};
  }
  WEIR_TRY(size, parse_size(text));
  constexpr Size kLeast = model::MemoryAmount::kLeast;
  if (size < kLeast) return config_error("must be at least " + config::show(kLeast) + ", or off");
  return model::MemoryAmount{{.absolute = size.bytes}};
}

std::string Scalar<model::MemoryAmount>::show(const model::MemoryAmount& value) {
  const Amount& amount = value.amount;
  return amount.absolute == 0 ? show_part(amount) : config::show(Size{amount.absolute});
}

Result<model::DescriptorAmount> Scalar<model::DescriptorAmount>::parse(std::string_view text) {
  if (text.ends_with('%')) {
    WEIR_TRY(part, parse_part(text));
    return model::DescriptorAmount{part};
  }
  WEIR_TRY(count, parse_integer(text));
  constexpr std::int64_t kLeast = model::DescriptorAmount::kLeast;
  if (count < kLeast) {
    return config_error("must be at least " + std::to_string(kLeast) + ", or off");
  }
  return model::DescriptorAmount{{.absolute = static_cast<std::uint64_t>(count)}};
}

std::string Scalar<model::DescriptorAmount>::show(const model::DescriptorAmount& value) {
  const Amount& amount = value.amount;
  return amount.absolute == 0 ? show_part(amount) : std::to_string(amount.absolute);
}

server::OverloadSpec model::Overload::spec() const {
  server::OverloadSpec spec;
  spec.memory.reset();
  if (memory) spec.memory = memory->amount;
  spec.loop_delay = loop_delay;
  spec.descriptors.reset();
  if (descriptors) spec.descriptors = descriptors->amount;
  return spec;
}

}  // namespace weir::config
