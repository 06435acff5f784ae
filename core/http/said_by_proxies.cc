#include "core/http/said_by_proxies.h"

#include <algorithm>

#include "core/http/header_id_set.h"

namespace weir::http {
namespace {

constexpr HeaderIdSet kSaidByProxies = {
    HeaderId::Forwarded,      HeaderId::XForwardedFor,    HeaderId::XForwardedHost,
    HeaderId::XForwardedPort, HeaderId::XForwardedPrefix, HeaderId::XForwardedProto,
    HeaderId::XRealIp,
};

bool is_alike(std::string_view name, std::string_view other) {
  return std::equal(name.begin(), name.end(), other.begin(), other.end(),
                    [](char c, char wanted) { return c == wanted || (c == '_' && wanted == '-'); });
}

}  // namespace

bool is_said_by_proxies(const Header& field) {
  if (field.id() != HeaderId::Other) return kSaidByProxies.has(field.id());
  constexpr std::string_view kStart = "x-forwarded-";
  const std::string_view name = field.name();
  if (!name.starts_with('x')) return false;
  return is_alike(name.substr(0, kStart.size()), kStart) || is_alike(name, "x-real-ip");
}

void remove_said_by_proxies(HeaderMap& headers) {
  if (!headers.may_have_any(kSaidByProxies.with(HeaderId::Other))) return;
  headers.remove_if(is_said_by_proxies);
}

}  // namespace weir::http
