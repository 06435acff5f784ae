#pragma once

#include <string_view>

#include "config/schema.h"
#include "core/net/address.h"
#include "core/net/cidr.h"

// Addresses and address blocks as fields.
namespace weir::config {

template <>
struct Custom<net::Address> {
  static constexpr std::string_view word = "address";
  static constexpr std::string_view wanted = "an address such as 127.0.0.1:80 or /run/x.sock";
  static constexpr bool one_text = true;
  static constexpr std::string_view before_path = "unix:";
  static bool read(const Node& node, net::Address& value, Reading& reading);
  static Result<std::string> normal(std::string_view text);
};

template <>
struct Custom<net::Cidr> {
  static constexpr std::string_view word = "address block";
  static constexpr std::string_view wanted = "an address block such as 10.0.0.0/8";
  static constexpr bool one_text = true;
  static bool read(const Node& node, net::Cidr& value, Reading& reading);
  static Result<std::string> normal(std::string_view text);
};

}  // namespace weir::config
