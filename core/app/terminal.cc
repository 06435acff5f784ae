#include "core/app/terminal.h"

#include <cstdlib>

#include <unistd.h>

namespace weir::app {

config::TextStyle style_for(int descriptor) {
  const bool terminal = isatty(descriptor) != 0;
  const char* const plain = std::getenv("NO_COLOR");
  return {.source_lines = terminal, .colour = terminal && (plain == nullptr || *plain == '\0')};
}

}  // namespace weir::app
