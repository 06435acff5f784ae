#pragma once

#include <string_view>

namespace weir::app {

// examples/demo/weir.yaml as it was when Weir was built.
extern const std::string_view kDemoConfig;

}  // namespace weir::app
