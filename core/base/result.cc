#include "core/base/result.h"

#include <system_error>

namespace weir {

Error system_error(std::string what, int code) {
  what += ": ";
  what += std::generic_category().message(code);
  return {ErrorOrigin::System, std::move(what), code};
}

}  // namespace weir
