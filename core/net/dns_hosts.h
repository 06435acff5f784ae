#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/net/address.h"

namespace weir::net {

// The names of a hosts file (hosts(5)), as it was when loaded. A file that is not there or cannot
// be read has none.
class DnsHosts {
 public:
  static DnsHosts load(const std::string& path);
  explicit DnsHosts(std::string text) : text_(std::move(text)) {}

  // Every address of `name`, in the order of the file, without ports. "localhost" and names below
  // it are the loopback addresses when the file does not know better (RFC 6761 section 6.3).
  std::vector<Address> find(std::string_view name) const;

 private:
  std::string text_;
};

}  // namespace weir::net
