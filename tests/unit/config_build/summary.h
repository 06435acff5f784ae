#pragma once

#include <string>

#include "core/server/snapshot.h"

namespace weir::config::test {

// What a Snapshot consists of, a line for each part.
inline std::string summary(const server::Snapshot& snapshot) {
  std::string text;
  const auto names = [](const filter::FilterList& list) {
    std::string all;
    for (const auto& entry : list.entries) all += ' ' + entry.item->name;
    return all.empty() ? std::string(" none") : all;
  };
  for (const server::ListenerSpec& listener : snapshot.listeners) {
    text += "listener " + listener.name + " on " + listener.address.to_string() + '\n';
    for (const auto& item : listener.accept) text += "  accept " + item.name + '\n';
    for (const filter::Chain& chain : listener.chains) {
      text += "  chain " + chain.name + '\n';
      for (const net::Cidr& block : chain.match.client_ip) {
        text += "    from " + block.to_string() + "\n";
      }
      for (const route::TextMatch& name : chain.match.sni) text += "    sni " + name.text + "\n";
      for (const std::string& one : chain.match.alpn) text += "    alpn " + one + "\n";
      for (const auto& item : chain.network_filters) text += "    network " + item.name + '\n';
      if (chain.http == nullptr) continue;
      text += "    filters" + names(chain.http->filters) + '\n';
      for (const route::Route& route : chain.http->routes->routes()) {
        const filter::FilterList& list = chain.http->filters_for(&route);
        if (&list == &chain.http->filters) continue;
        text += "    filters of " + route.name + ":" + names(list) + '\n';
      }
    }
  }
  for (const auto& table : snapshot.routes) {
    text += "routes " + table->name();
    for (const route::Route& route : table->routes()) text += ' ' + route.name;
    text += '\n';
  }
  for (std::uint32_t i = 0; i < snapshot.clusters.size(); ++i) {
    text += "cluster " + snapshot.clusters.at(i).spec->name + '\n';
  }
  for (const server::AccessLogSpec& log : snapshot.access_logs) {
    text += "log " + log.name + '\n';
  }
  return text;
}

}  // namespace weir::config::test
