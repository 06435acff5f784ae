#include "config/bytes.h"

#include <optional>
#include <tuple>
#include <utility>

namespace weir::config {

namespace {

struct Notation {
  std::optional<std::string> text;
  std::optional<std::string> hex;
  std::optional<std::string> base64;

  static constexpr std::string_view type_name = "bytes";
  static constexpr ShortForms short_forms{.scalar = "text"};
  static constexpr auto fields =
      std::tuple{field("text", &Notation::text, "the bytes of this text").one_of("notation"),
                 field("hex", &Notation::hex, "hexadecimal digits, two a byte").one_of("notation"),
                 field("base64", &Notation::base64, "base64 with padding").one_of("notation")};
};

bool take(Result<std::string> decoded, std::string_view key, const Node& node, Bytes& value,
          Reading& reading) {
  if (!decoded)
    return reading.error_below(key, node.where(), "the value " + decoded.error().message);
  value.value = *std::move(decoded);
  return true;
}

}  // namespace

bool Custom<Bytes>::read(const Node& node, Bytes& value, Reading& reading) {
  Notation notation;
  if (!config::read(node, notation, reading)) return false;
  if (notation.hex) return take(parse_hex(*notation.hex), "hex", *node.find("hex"), value, reading);
  if (notation.base64) {
    return take(parse_base64(*notation.base64), "base64", *node.find("base64"), value, reading);
  }
  value.value = std::move(notation.text).value_or("");
  return true;
}

}  // namespace weir::config
