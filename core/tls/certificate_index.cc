#include "core/tls/certificate_index.h"

#include <algorithm>
#include <cctype>

namespace weir::tls {
namespace {

// A name of the subject is no name any more (RFC 6125 6.4.4), so that clients go by those alone.
std::vector<std::string> names_for_sni(const Certificate& certificate) {
  std::vector<std::string> names = certificate.info.identity.dns_names;
  for (std::string& name : names) {
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  return names;
}

}  // namespace

CertificateIndex::CertificateIndex(std::span<const Certificate> certificates) {
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    for (std::string& name : names_for_sni(certificates[i])) {
      std::vector<std::size_t>& places = by_name_[std::move(name)];
      if (places.empty() || places.back() != i) places.push_back(i);
    }
  }
  if (certificates.empty()) return;
  fallback_.push_back(0);
  for (const std::string& name : names_for_sni(certificates[0])) {
    for (const std::size_t place : find(name)) {
      if (std::ranges::find(fallback_, place) == fallback_.end()) fallback_.push_back(place);
    }
  }
}

std::span<const std::size_t> CertificateIndex::find(std::string_view name) const {
  auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos || dot == 0) return {};
    found = by_name_.find("*" + std::string(name.substr(dot)));
    if (found == by_name_.end()) return {};
  }
  return found->second;
}

}  // namespace weir::tls
