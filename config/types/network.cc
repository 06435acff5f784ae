#include "config/types/network.h"

#include "config/types/parsed.h"

namespace weir::config {

Result<std::string> Custom<net::Address>::normal(std::string_view text) {
  WEIR_TRY(address, net::Address::parse(text));
  return address.to_string();
}

bool Custom<net::Address>::read(const Node& node, net::Address& value, Reading& reading) {
  if (!read_parsed(node, value, reading, wanted, &net::Address::parse)) return false;
  if (value.family() != net::Address::Family::Unix) return true;
  auto found = net::Address::parse(std::string(before_path) +
                                   reading.resolved(value.unix_path(), node.where()));
  if (!found) {
    return reading.error(node, reading.told(node.where(), found.error(), "the path is too long"));
  }
  value = *std::move(found);
  return true;
}

Result<std::string> Custom<net::Cidr>::normal(std::string_view text) {
  WEIR_TRY(block, net::Cidr::parse(text));
  return block.to_string();
}

bool Custom<net::Cidr>::read(const Node& node, net::Cidr& value, Reading& reading) {
  return read_parsed(node, value, reading, wanted, &net::Cidr::parse);
}

}  // namespace weir::config
