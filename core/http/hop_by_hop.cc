#include "core/http/hop_by_hop.h"

#include <new>
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

// What Connection may name and Weir relies on all the same: how the message is framed and where it
// goes, and who sent it.
constexpr HeaderIdSet kReliedOn = {
    HeaderId::ContentLength,   HeaderId::Expect,         HeaderId::Host,
    HeaderId::Trailer,         HeaderId::Forwarded,      HeaderId::XForwardedFor,
    HeaderId::XForwardedHost,  HeaderId::XForwardedPort, HeaderId::XForwardedPrefix,
    HeaderId::XForwardedProto, HeaderId::XRealIp,        HeaderId::XRequestId,
};

// The members of Connection, of which keep-alive and close alone are nothing to remove.
NamedFields named_by_connection(const HeaderMap& headers) {
  auto* names = static_cast<std::string_view*>(headers.arena().allocate(
      kMaxConnectionOptions * sizeof(std::string_view), alignof(std::string_view)));
  std::size_t count = 0;
  for (const Header& field : headers.all()) {
    if (field.id() != HeaderId::Connection) continue;
    each_list_member(field.value(), [&](std::string_view option) {
      if (count < kMaxConnectionOptions) new (names + count++) std::string_view(option);
    });
  }
  return {names, count};
}

}  // namespace

void remove_named(HeaderMap& fields, NamedFields names) {
  if (names.empty()) return;
  fields.remove_if([names](const Header& field) {
    if (kReliedOn.has(field.id())) return false;
    for (std::string_view name : names) {
      if (equals_ignoring_case(name, field.name())) return true;
    }
    return false;
  });
}

bool is_hop_by_hop(HeaderId id) {
  return kOfConnection.has(id) && id != HeaderId::Te;
}

NamedFields remove_hop_by_hop(HeaderMap& headers) {
  if (!headers.may_have_any(kOfConnection)) return {};
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
  const NamedFields names = names_fields ? named_by_connection(headers) : NamedFields();
  remove_named(headers, names);
  headers.remove_if([](const Header& field) { return kOfConnection.has(field.id()); });
  if (wants_trailers) headers.add_view(HeaderId::Te, "trailers");
  return names;
}

}  // namespace weir::http
