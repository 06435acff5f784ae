#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/route/texts.h"

namespace weir::filter {

using route::Texts;

// Something of the configuration that could have been chosen, and why it was not.
struct Refused {
  std::string name;
  std::string where;  // `file:line:col`
  std::string why;
  bool near = false;  // it is for the host of the request
};

// What a configuration does with a request, as far as that is known without running filters:
// a few tell beforehand whom they refuse.
struct Explanation {
  enum class Kind : std::uint8_t {
    Invalid,  // refused before anything is chosen; `http_error` and `why`
    Closed,   // by an accept filter, `filter`
    NoChain,  // no chain is for this client
    Tcp,      // the chain does not speak HTTP
    Filter,   // one of HTTP answers whatever the route does: `filter` and `status`
    NoRoute,  // 404
    Cluster,
    Redirect,
    Respond,
  };
  // A route that takes some of these requests by chance, before the one that takes the others.
  struct ByChance {
    std::string name;
    std::string where;
    double percent = 0;
    std::uint32_t index = 0;  // in its list
  };
  struct Share {
    std::string cluster;
    std::uint32_t index = 0;  // in the Snapshot
    double percent = 0;
    std::string members{};  // where its endpoints come from, as far as known
  };

  Kind kind = Kind::NoRoute;
  std::string why;
  std::string http_error;  // as the access log has it: "bad_target"; may be empty
  std::string listener;
  std::string address;  // of the listener
  std::string note;     // on how it was chosen
  std::string sni;      // where chains are chosen by it
  std::string chain;
  std::vector<Refused> refused_chains;
  std::string peer;                  // who is connected
  std::string client;                // after trusted_proxies
  std::vector<std::string> accept;   // filters that see the connection first
  std::vector<std::string> network;  // those of the chain, before HTTP
  std::vector<std::string> filters;  // of HTTP, those that join
  std::string filter;                // that ends it, where that is known beforehand

  std::string list;  // of routes
  std::string route;
  std::string where;
  std::vector<Refused> refused;  // routes before it, in written order
  std::vector<ByChance> by_chance;

  std::uint16_t status = 0;  // of an answer that Weir gives itself
  std::string location;
  std::vector<Share> clusters;
  std::string path;  // with the query, as it goes upstream
  std::string host;
  std::vector<std::pair<std::string, std::string>> headers;  // those that go upstream
  std::vector<std::pair<std::string, std::string>> limits;   // timeouts and retries, by key
};

// Lines for people. `request` is what was asked, as in "GET http://shop.example/cart".
std::string to_text(const Explanation& explanation, std::string_view request);

}  // namespace weir::filter
