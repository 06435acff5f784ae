#include <string_view>

#include <nlohmann/json.hpp>

#include "config/build/explain.h"

namespace weir::config {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::vector<Refused>& refused) {
  Json list = Json::array();
  for (const Refused& one : refused) {
    Json entry = {{"name", one.name}};
    if (!one.where.empty()) entry["where"] = one.where;
    entry["why"] = one.why;
    list.push_back(std::move(entry));
  }
  return list;
}

std::string_view word(Explanation::Kind kind) {
  switch (kind) {
    case Explanation::Kind::Invalid:
      return "invalid";
    case Explanation::Kind::Closed:
      return "closed";
    case Explanation::Kind::NoChain:
      return "no_chain";
    case Explanation::Kind::Tcp:
      return "tcp";
    case Explanation::Kind::Filter:
      return "filter";
    case Explanation::Kind::NoRoute:
      return "no_route";
    case Explanation::Kind::Cluster:
      return "cluster";
    case Explanation::Kind::Redirect:
      return "redirect";
    case Explanation::Kind::Respond:
      return "respond";
  }
  return "";
}

}  // namespace

std::string to_json(const Explanation& explanation) {
  Json json = {{"kind", word(explanation.kind)},
               {"listener", explanation.listener},
               {"address", explanation.address}};
  const auto put = [&json](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  put("note", explanation.note);
  put("sni", explanation.sni);
  put("chain", explanation.chain);
  json["refused_chains"] = json_of(explanation.refused_chains);
  put("client", explanation.client);
  json["accept"] = explanation.accept;
  json["network"] = explanation.network;
  json["filters"] = explanation.filters;
  put("filter", explanation.filter);
  put("list", explanation.list);
  put("route", explanation.route);
  put("where", explanation.where);
  json["refused"] = json_of(explanation.refused);
  json["by_chance"] = Json::array();
  for (const Explanation::ByChance& one : explanation.by_chance) {
    json["by_chance"].push_back(
        {{"name", one.name}, {"where", one.where}, {"percent", one.percent}});
  }
  put("http_error", explanation.http_error);
  put("why", explanation.why);
  if (explanation.status != 0) json["status"] = explanation.status;
  put("location", explanation.location);
  if (explanation.kind == Explanation::Kind::Cluster) {
    json["clusters"] = Json::array();
    for (const Explanation::Share& share : explanation.clusters) {
      json["clusters"].push_back(
          {{"name", share.cluster}, {"percent", share.percent}, {"members", share.members}});
    }
    json["path"] = explanation.path;
    json["host"] = explanation.host;
    json["headers"] = Json::array();
    for (const auto& [name, value] : explanation.headers) json["headers"].push_back({name, value});
    for (const auto& [key, value] : explanation.limits) json["limits"][key] = value;
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weir::config
