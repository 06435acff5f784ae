#include "core/net/dns_hosts.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <strings.h>

namespace weir::net {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// Takes the first word off `text`; empty when there is none.
std::string_view next_word(std::string_view& text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t start = text.find_first_not_of(kBlank);
  text.remove_prefix(start == std::string_view::npos ? text.size() : start);
  const std::string_view word = text.substr(0, text.find_first_of(kBlank));
  text.remove_prefix(word.size());
  return word;
}

bool is_localhost(std::string_view name) {
  constexpr std::string_view kDomain = ".localhost";
  if (same_name(name, kDomain.substr(1))) return true;
  return name.size() > kDomain.size() &&
         same_name(name.substr(name.size() - kDomain.size()), kDomain);
}

}  // namespace

DnsHosts DnsHosts::load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return DnsHosts(std::move(text).str());
}

std::vector<Address> DnsHosts::find(std::string_view name) const {
  if (name.ends_with('.')) name.remove_suffix(1);
  std::vector<Address> found;
  for (std::string_view rest = text_; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    line = line.substr(0, line.find('#'));
    const std::string_view address = next_word(line);
    for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
      if (!same_name(word, name)) continue;
      // An address with a zone ("fe80::1%eth0") is no place to connect to, and left out.
      if (auto parsed = Address::parse_ip(address)) found.push_back(*parsed);
      break;
    }
  }
  if (found.empty() && is_localhost(name)) {
    found = {*Address::parse_ip("127.0.0.1"), *Address::parse_ip("::1")};
  }
  return found;
}

}  // namespace weir::net
