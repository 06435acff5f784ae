#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/build/loading.h"
#include "config/model/question.h"
#include "core/base/result.h"

namespace weir::config {

// Something of the configuration that could have been chosen, and why it was not.
struct Refused {
  std::string name;
  std::string where;  // `file:line:col`
  std::string why;
  bool near = false;  // it is for the host of the request
};

// What a configuration does with a request, as far as that is known without running filters.
struct Explanation {
  enum class Kind : std::uint8_t {
    Invalid,  // refused before anything is chosen; `why`
    NoChain,  // no chain is for this client
    Tcp,      // the chain does not speak HTTP
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
  };
  struct Share {
    std::string cluster;
    double percent = 0;
    std::string members;  // where its endpoints come from
  };

  Kind kind = Kind::NoRoute;
  std::string why;
  std::string listener;
  std::string address;  // of the listener
  std::string note;     // on how it was chosen
  std::string chain;
  std::vector<Refused> refused_chains;
  std::string client;                // after trusted_proxies
  std::vector<std::string> accept;   // filters that see the connection first
  std::vector<std::string> network;  // those of the chain, before HTTP
  std::vector<std::string> filters;  // of HTTP, those that join

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

// Whether `name` is that of a listener called `wanted`, or of one of its addresses.
bool is_called(std::string_view name, std::string_view wanted);

// An error when the question itself cannot be asked: an unknown listener, flag or address.
// `loading` has a Snapshot.
Result<Explanation> explain(Loading& loading, const Question& question);

std::string to_text(const Explanation& explanation, const Question& question);
std::string to_json(const Explanation& explanation);

}  // namespace weir::config
