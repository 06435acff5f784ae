#include "core/route/header_changes.h"

namespace weir::route {
namespace {

template <typename TextOf>
void change(const HeaderChanges& changes, http::HeaderMap& headers, TextOf text_of) {
  for (const std::string& name : changes.remove) headers.remove(name);
  for (const auto& [name, value] : changes.set) headers.set(name, text_of(value));
  for (const auto& [name, value] : changes.append) headers.add(name, text_of(value));
}

}  // namespace

void HeaderChanges::apply(const ExchangeView& exchange, http::HeaderMap& headers) const {
  change(*this, headers,
         [&](const Template& value) { return value.render_field(exchange, headers.arena()); });
}

void HeaderChanges::explain(const ExchangeView& exchange, Texts texts,
                            http::HeaderMap& headers) const {
  change(*this, headers, [&](const Template& value) {
    return texts == Texts::Shown && value.hidden() ? std::string_view(value.source())
                                                   : value.render_field(exchange, headers.arena());
  });
}

}  // namespace weir::route
