#include "core/http/hop_by_hop.h"

#include <array>
#include <span>
#include <string_view>

#include "core/http/chars.h"
#include "core/http/field_list.h"
#include "core/http/h1_framing.h"

namespace weir::http {
namespace {

constexpr HeaderIdSet kOfConnection = {
    HeaderId::Connection,         HeaderId::KeepAlive,       HeaderId::ProxyAuthenticate,
    HeaderId::ProxyAuthorization, HeaderId::ProxyConnection, HeaderId::Te,
    HeaderId::TransferEncoding,   HeaderId::Upgrade,
};

bool lists(std::string_view list, std::string_view lower) {
  bool found = false;
  each_list_member(
      list, [&](std::string_view member) { found = found || equals_ignoring_case(member, lower); });
  return found;
}

// The fields that Connection names.
void remove_named(HeaderMap& headers) {
  std::array<std::string_view, kMaxConnectionOptions> named;
  std::size_t count = 0;
  for (const Header& field : headers.all()) {
    if (field.id() != HeaderId::Connection) continue;
    each_list_member(field.value(), [&](std::string_view option) {
      if (count < named.size()) named[count++] = option;
    });
  }
  headers.remove_if([&](const Header& field) {
    if (field.id() != HeaderId::Other) return false;
    for (std::string_view option : std::span(named).first(count)) {
      if (equals_ignoring_case(option, field.name())) return true;
    }
    return false;
  });
}

}  // namespace

void remove_hop_by_hop(HeaderMap& headers) {
  if (!headers.may_have_any(kOfConnection)) return;
  bool wants_trailers = false;
  bool names_fields = false;
  for (const Header& field : headers.all()) {
    if (field.id() == HeaderId::Te) {
      wants_trailers = wants_trailers || lists(field.value(), "trailers");
    } else if (field.id() == HeaderId::Connection) {
      const std::string_view options = field.value();
      names_fields = names_fields || !(equals_ignoring_case(options, "keep-alive") ||
                                       equals_ignoring_case(options, "close"));
    }
  }
  if (names_fields) remove_named(headers);
  headers.remove_if([](const Header& field) { return kOfConnection.has(field.id()); });
  if (wants_trailers) headers.add_view(HeaderId::Te, "trailers");
}

}  // namespace weir::http
