#include "core/route/header_changes.h"

namespace weir::route {

void HeaderChanges::apply(const ExchangeView& exchange, http::HeaderMap& headers) const {
  for (const std::string& name : remove) headers.remove(name);
  for (const auto& [name, value] : set) {
    headers.set(name, value.render_field(exchange, headers.arena()));
  }
  for (const auto& [name, value] : append) {
    headers.add(name, value.render_field(exchange, headers.arena()));
  }
}

}  // namespace weir::route
