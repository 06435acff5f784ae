#include "core/server/override.h"

namespace weir::server {

std::string_view Override::what() const {
  switch (kind) {
    case Kind::Flag:
      return "flag";
    case Kind::Mode:
    case Kind::Weight:
      return "endpoint";
    case Kind::Log:
      return "log";
  }
  return {};
}

std::string Override::key() const {
  return cluster.empty() ? name : cluster + "/" + name;
}

std::string Override::setting() const {
  switch (kind) {
    case Kind::Flag:
      return on ? "on" : "off";
    case Kind::Mode:
      return std::string(to_string(mode));
    case Kind::Weight:
      return "weight " + std::to_string(weight);
    case Kind::Log:
      return std::string(to_string(level));
  }
  return {};
}

}  // namespace weir::server
