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

}  // namespace

void remove_hop_by_hop(HeaderMap& headers) {
  if (!headers.may_have_any(kOfConnection)) return;
  bool wants_trailers = false;
  std::array<std::string_view, kMaxConnectionOptions> named;
  std::size_t named_count = 0;
  for (const Header& field : headers.all()) {
    if (field.id() == HeaderId::Te) {
      wants_trailers = wants_trailers || lists(field.value(), "trailers");
    } else if (field.id() == HeaderId::Connection) {
      each_list_member(field.value(), [&](std::string_view option) {
        if (equals_ignoring_case(option, "keep-alive")) return;  // goes in any case
        if (named_count < named.size()) named[named_count++] = option;
      });
    }
  }
  headers.remove_if([&](const Header& field) {
    if (kOfConnection.has(field.id())) return true;
    if (named_count == 0 || field.id() != HeaderId::Other) return false;
    for (std::string_view option : std::span(named).first(named_count)) {
      if (equals_ignoring_case(option, field.name())) return true;
    }
    return false;
  });
  if (wants_trailers) headers.add_view(HeaderId::Te, "trailers");
}

}  // namespace weir::http
