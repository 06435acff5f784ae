#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/tls/certificate.h"

namespace weir::tls {

// Certificates by the names that they are for. Immutable.
class CertificateIndex {
 public:
  // Takes part in no ownership: what it returns are places in `certificates`.
  explicit CertificateIndex(std::span<const Certificate> certificates);

  // Those of exactly this name, else those of the wildcard that it falls under, in their order;
  // empty when none is. `name` in lower case.
  std::span<const std::size_t> find(std::string_view name) const;
  // For a name that nobody has, or none: the first, and those that share a name with it.
  std::span<const std::size_t> fallback() const { return fallback_; }

 private:
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_name_;
  std::vector<std::size_t> fallback_;
};

}  // namespace weir::tls
