#include "config/types/network.h"

#include "config/types/parsed.h"

namespace weir::config {

Result<std::string> Custom<net::Address>::normal(std::string_view text) {
  WEIR_TRY(address, net::Address::parse(text));
  return address.to_string();
}

bool Custom<net::Address>::read(const Node& node, net::Address& value, Reading& reading) {
  return read_parsed(node, value, reading, wanted, &net::Address::parse);
}

Result<std::string> Custom<net::Cidr>::normal(std::string_view text) {
  WEIR_TRY(block, net::Cidr::parse(text));
  return block.to_string();
}

bool Custom<net::Cidr>::read(const Node& node, net::Cidr& value, Reading& reading) {
  return read_parsed(node, value, reading, wanted, &net::Cidr::parse);
}

}  // namespace weir::config
