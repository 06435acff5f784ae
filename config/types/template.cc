#include "config/types/template.h"

#include "config/types/parsed.h"

namespace weir::config {

bool Custom<route::Template>::read(const Node& node, route::Template& value, Reading& reading) {
  return read_parsed(node, value, reading, wanted, &route::Template::parse);
}

}  // namespace weir::config
