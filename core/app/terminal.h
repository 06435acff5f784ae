#pragma once

#include "config/diagnostics.h"

namespace weir::app {

// How problems are printed to a descriptor: with the lines that they are about where that is a
// terminal, and in colour, too, unless NO_COLOR is set to something (no-color.org).
config::TextStyle style_for(int descriptor);

}  // namespace weir::app
