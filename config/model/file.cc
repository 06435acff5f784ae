#include "config/model/file.h"

namespace weir::config {

void model::File::settle(Node& file, const FilterSchema& filters, Diagnostics& diagnostics) {
  const Node* const sets = file.find("filter_sets");
  if (sets == nullptr) return;
  for (NodeEntry& section : file.entries()) {
    if (section.key != "listeners") continue;
    for (NodeEntry& listener : section.value.entries()) {
      Listener::move_sets(listener.value, *sets, filters, diagnostics);
    }
  }
}

template const TypeInfo& type_info<model::File>();

}  // namespace weir::config
