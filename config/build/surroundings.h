#pragma once

#include "config/model/file.h"
#include "config/reading.h"
#include "config/sources.h"

namespace weir::config {

// Reports what a start of `file` would not find on this machine: addresses to listen on, the
// folders of sockets and logs, the right to write there, the journal; and what stands where a
// socket is to be. With `offline` these are notes. Changes
// nothing here and listens nowhere. `reading` is at the root.
void check_surroundings(const model::File& file, const Sources& sources, Reading& reading);

}  // namespace weir::config
