#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/net/cidr.h"

namespace weir::route {

// How one value is matched: exact unless another kind is written.
struct TextMatch {
  enum class Kind : std::uint8_t { Exact, Prefix, Suffix, Contains, Regex, Present };

  Kind kind = Kind::Exact;
  std::string text;       // unused by Present; a regex must match the whole value
  bool inverted = false;  // `not:`
};

// A header, query parameter, cookie or variable, and what its value may be (any of). Each value
// of a repeated header is matched on its own: one that matches is enough; an inverted match holds
// when no value matches.
struct NamedMatch {
  std::string name;  // headers in lower case
  std::vector<TextMatch> any;
};

// What may be shown of a key whose values came from variables or files: those as they were written.
struct Written {
  std::string key;  // "methods", "headers.x-key"
  std::string text;
};

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};

// The keys of `match:`. Keys are ANDed, a list is any of; an empty list asks nothing.
struct Match {
  // Exact hosts in lower case, "*.suffix" (which does not include the suffix itself) or "*" as
  // Exact texts; other kinds are allowed and cost a scan.
  std::vector<TextMatch> hosts;
  std::vector<TextMatch> paths;
  // Begin with "/". By segments: /a matches /a and /a/b, not /ab; /a/ is the same as /a.
  std::vector<std::string> prefixes;
  std::vector<std::string> regexes;  // RE2 over the whole path
  std::vector<std::string> methods;  // exactly as sent; GET does not include HEAD
  std::vector<NamedMatch> headers;   // "host" is the request's authority
  std::vector<NamedMatch> query;     // without percent-encoding, "+" is a space
  std::vector<NamedMatch> cookies;
  std::vector<NamedMatch> vars;
  std::vector<net::Cidr> client_ip;
  // The server name of the TLS handshake, written as hosts are. Without one only `not:` holds.
  std::vector<TextMatch> sni;
  std::vector<std::string> alpn;   // any of these is offered in the TLS handshake
  std::vector<PortRange> ports;    // of the listener
  std::vector<std::string> flags;  // any of these is on
  std::optional<double> percent;   // 0 to 100, by the stream's own random number
  std::vector<Written> written;    // of such values, in place of them for those who read
};

}  // namespace weir::route
