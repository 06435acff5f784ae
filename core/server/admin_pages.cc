#include "core/server/admin_pages.h"

#include <utility>

#include "core/net/connection.h"
#include "core/server/page_text.h"

namespace weir::server {
namespace {

double seconds(std::uint64_t ms) {
  return static_cast<double>(ms) / 1'000;
}

Json pauses(std::uint8_t paused) {
  static constexpr std::pair<net::PauseReason, const char*> kNames[] = {
      {net::kPausedByOutput, "output"}, {net::kPausedByFilter, "filter"},
      {net::kPausedByStream, "stream"}, {net::kPausedByConnect, "connect"},
      {net::kPausedByMemory, "memory"},
  };
  Json names = Json::array();
  for (const auto& [reason, name] : kNames) {
    if ((paused & reason) != 0) names.push_back(name);
  }
  return names;
}

const char* state_of(const upstream::EndpointState& endpoint) {
  const std::uint32_t flags = endpoint.flags.load(std::memory_order_relaxed);
  if ((flags & upstream::EndpointState::kRemoved) != 0) return "removed";
  if ((flags & upstream::EndpointState::kDraining) != 0) return "draining";
  if ((flags & upstream::EndpointState::kDown) != 0) return "down";
  return "up";
}

Json endpoint_row(const upstream::EndpointState& endpoint, std::uint32_t priority) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  return {{"endpoint", endpoint.text},
          {"state", state_of(endpoint)},
          {"weight", endpoint.weight.load(kRelaxed)},
          {"priority", priority},
          {"requests", endpoint.requests.load(kRelaxed)},
          {"connections", endpoint.connections.load(kRelaxed)},
          {"latency_ms", static_cast<double>(endpoint.latency_us.load(kRelaxed)) / 1'000},
          {"picked", endpoint.picked.load(kRelaxed)},
          {"failed", endpoint.failed.load(kRelaxed)}};
}

Json cluster_row(const upstream::ClusterRegistry::Listed& cluster) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  const upstream::ClusterState& state = *cluster.state;
  std::string dns = cluster.dns_error;
  if (dns.empty() && cluster.version->waiting_for_dns) dns = "waiting";
  return {{"cluster", state.name},
          {"requests", state.requests.load(kRelaxed)},
          {"connections", state.connections.load(kRelaxed)},
          {"queued", state.waiting.load(kRelaxed)},
          {"retries", state.retries.load(kRelaxed)},
          {"dns", dns}};
}

constexpr AdminPage kPages[] = {
    {.path = "/"},
    {.path = "/ready", .shows = "200 when requests are taken, 503 while draining"},
    {.path = "/status", .shows = "what it runs, since when, and how it is"},
    {.path = "/metrics", .shows = "for Prometheus"},
    {.path = "/stats", .parameter = "prefix", .shows = "the same, a line each; ?prefix= of names"},
    {.path = "/clusters", .shows = "clusters and their endpoints"},
    {.path = "/connections", .parameter = "limit", .shows = "open connections, up to ?limit=1000"},
    {.path = "/why", .parameter = "id", .shows = "requests that failed; ?id= tells all of one"},
    {.path = "/overrides",
     .parameter = "yaml",
     .shows = "what operators have set; ?yaml as a layer of a configuration"},
    {.path = "/events",
     .parameter = "seconds",
     .shows = "what happened, up to ?seconds= ago; an overload ends after ten calm seconds"},
    {.path = "/config", .full_access = true, .shows = "the merged configuration"},
    {.path = "/variables", .full_access = true, .shows = "what its ${…} and files were, in JSON"},
};

}  // namespace

std::span<const AdminPage> admin_pages() {
  return kPages;
}

std::string index_page(bool full_access, PageFormat format) {
  Json rows = Json::array();
  for (const AdminPage& page : kPages) {
    if (page.shows.empty() || (page.full_access && !full_access)) continue;
    rows.push_back({{"page", page.path}, {"shows", page.shows}});
  }
  if (format == PageFormat::AsJson) return to_page(rows);
  return to_columns(rows) + "\nJSON with ?json or Accept: application/json\n";
}

std::string clusters_page(std::span<const upstream::ClusterRegistry::Listed> clusters,
                          PageFormat format) {
  Json list = Json::array();
  Json all_endpoints = Json::array();
  for (const auto& cluster : clusters) {
    Json row = cluster_row(cluster);
    Json endpoints = Json::array();
    for (const auto& group : cluster.version->endpoints.groups) {
      for (const auto& member : group.members) {
        endpoints.push_back(endpoint_row(*member.state, group.priority));
        if (format == PageFormat::AsJson) {
          Json labels = Json::object();
          for (const auto& [name, value] : member.labels) labels[name] = value;
          endpoints.back()["labels"] = std::move(labels);
        } else {
          Json line = {{"cluster", cluster.state->name}};
          line.update(endpoints.back());
          all_endpoints.push_back(std::move(line));
        }
      }
    }
    if (format == PageFormat::AsJson) row["endpoints"] = std::move(endpoints);
    list.push_back(std::move(row));
  }
  if (format == PageFormat::AsJson) return to_page(list);
  return to_columns(list) + "\n" + to_columns(all_endpoints);
}

std::string connections_page(const Gathered<ConnectionRow>& connections, PageFormat format) {
  Json rows = Json::array();
  for (const ConnectionRow& row : connections.rows) {
    rows.push_back({{"listener", row.listener},
                    {"chain", row.chain},
                    {"worker", row.worker},
                    {"peer", row.peer},
                    {"client", row.client},
                    {"age_s", seconds(row.age_ms)},
                    {"idle_s", seconds(row.idle_ms)},
                    {"bytes_in", row.bytes_in},
                    {"bytes_out", row.bytes_out},
                    {"paused", pauses(row.paused)},
                    {"response_paused", pauses(row.response_paused)},
                    {"state", row.draining ? "draining" : "open"}});
  }
  if (format == PageFormat::AsJson) {
    return to_page({{"connections", std::move(rows)},
                    {"cut", connections.cut},
                    {"silent_workers", connections.silent_workers}});
  }
  std::string text = to_columns(rows);
  if (connections.cut) text += "there are more: ask for them with --limit, or ?limit=\n";
  if (connections.silent_workers != 0) {
    text += std::to_string(connections.silent_workers) + " workers did not answer in time\n";
  }
  return text;
}

}  // namespace weir::server
