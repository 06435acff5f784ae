#include "config/model/question.h"

#include <charconv>

#include "core/base/quote.h"
#include "core/http/chars.h"
#include "core/net/address.h"
#include "core/tls/server_name.h"

namespace weir::config {

Result<Question> Question::parse(std::string_view text) {
  Question question;
  const std::size_t blank = text.find(' ');
  if (blank != std::string_view::npos) {
    question.method = text.substr(0, blank);
    text.remove_prefix(blank + 1);
  }
  const std::size_t colon = text.find("://");
  question.scheme = text.substr(0, colon);
  if (colon == std::string_view::npos ||
      (question.scheme != "http" && question.scheme != "https") || question.method.empty()) {
    return config_error(
        "expected a URL such as https://shop.example/cart, behind its method unless that is GET");
  }
  text.remove_prefix(colon + 3);
  const std::size_t end = text.find_first_of("/?#*");
  question.authority = text.substr(0, end);
  if (question.authority.empty()) return config_error("the URL names no host");
  if (end == std::string_view::npos) return question;
  if (text.find('#') != std::string_view::npos) {
    return config_error("a fragment (#…) is never sent: leave it out");
  }
  question.target = text.substr(end);
  if (question.target.front() == '?') question.target.insert(0, 1, '/');
  return question;
}

std::string_view Question::host() const {
  const std::string_view text = authority;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find(']', colon) != std::string_view::npos) {
    return text;
  }
  return text.substr(0, colon);
}

Result<void> Question::check_header(std::string_view name, std::string_view value) const {
  if (!http::equals_ignoring_case(name, "host")) return {};
  Question meant = *this;
  meant.authority = value;
  const auto port = named_port();
  if (port && !meant.named_port()) meant.authority += ':' + std::to_string(*port);
  return config_error("the host is that of the URL: leave this field out, and ask " +
                      quote(meant.text()));
}

Result<void> Question::check_headers() const {
  for (const std::string_view header : headers) {
    const std::size_t colon = header.find(':');
    if (colon == header.npos) continue;
    std::string_view value = header.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    WEIR_TRY_VOID(check_header(header.substr(0, colon), value));
  }
  return {};
}

std::string Question::text() const {
  return method + " " + scheme + "://" + authority + target;
}

std::optional<std::uint16_t> Question::named_port() const {
  std::uint16_t port = 0;
  const std::size_t size = host().size();
  if (size != authority.size()) {
    std::from_chars(authority.data() + size + 1, authority.data() + authority.size(), port);
  }
  return port != 0 ? std::optional(port) : std::nullopt;
}

std::uint16_t Question::port() const {
  return named_port().value_or(scheme == "https" ? 443 : 80);
}

Result<std::optional<tls::ClientHello>> Question::hello() const {
  if (scheme != "https" && !sni && alpn.empty()) return std::optional<tls::ClientHello>();
  tls::ClientHello hello;
  hello.protocols = alpn;
  if (alpn.empty()) hello.protocols = {"h2", "http/1.1"};
  if (sni && !sni->empty()) {
    auto name = tls::normal_server_name(*sni);
    if (!name) return config_error(quote(*sni) + " is no server name: clients with it are refused");
    hello.server_name = *std::move(name);
  } else if (!sni) {
    const std::string host = authority.substr(0, authority.rfind(':'));
    if (!net::Address::parse_ip(host)) {
      hello.server_name = tls::normal_server_name(host).value_or(std::string());
    }
  }
  return std::optional(std::move(hello));
}

}  // namespace weir::config
