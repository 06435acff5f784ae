#include "core/app/verbs.h"

namespace weir::app {

const std::string_view kVersion = WEIR_VERSION;

}  // namespace weir::app
