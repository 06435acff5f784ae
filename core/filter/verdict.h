#pragma once

namespace weir::filter {

// What a hook decides, the same for all kinds of filters.
enum class Verdict : unsigned char {
  Continue,  // pass on
  Pause,     // hold here until resume; the source is paused meanwhile
  Finish     // answered or closed; nothing more runs
};

}  // namespace weir::filter
