#include "config/model/file.h"

namespace weir::config {

template const TypeInfo& type_info<model::File>();

}  // namespace weir::config
