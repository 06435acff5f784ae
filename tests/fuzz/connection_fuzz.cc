#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/log.h"
#include "tests/unit/filters/http_codec/lifecycle.h"

// Every decision of clients, filters and the upstream comes from the bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::set_log_level(weir::LogLevel::Error);  // filters fail all the time
  weir::test::Choices choices(std::span(data, size));
  weir::test::run_lifecycle(choices, 5'000);
  return 0;
}
