#pragma once

#include "config/model/file.h"
#include "config/reading.h"
#include "config/sources.h"
#include "core/base/files_read.h"

namespace weir::config {

// Reports logs and the state file where they would be written into what `file` was read from, or be
// read as a part of it. `reading` is at the root. Asks the file system.
void check_written_files(const model::File& file, const Sources& sources, const FilesRead& read,
                         Reading& reading);

}  // namespace weir::config
