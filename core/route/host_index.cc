#include "core/route/host_index.h"

#include <algorithm>

namespace weir::route {

bool has_indexed_hosts(const Match& match) {
  return !match.hosts.empty() &&
         std::all_of(match.hosts.begin(), match.hosts.end(),
                     [](const TextMatch& host) { return is_exact(host) && host.text != "*"; });
}

void HostIndex::add(std::uint32_t number, const IndexedRoute& route) {
  if (!has_indexed_hosts(*route.match)) return any_host_.add(number, route);
  std::vector<std::uint32_t> places;
  for (const TextMatch& host : route.match->hosts) {
    const auto next = static_cast<std::uint32_t>(paths_.size());
    std::string_view text = host.text;
    std::uint32_t place;
    if (text.starts_with("*.")) {
      text.remove_prefix(2);
      place = suffixes_.add(text, next);
      const auto dots = static_cast<std::size_t>(std::count(text.begin(), text.end(), '.'));
      most_labels_ = std::max(most_labels_, dots + 1);
    } else {
      place = hosts_.add(text, next);
    }
    if (place == next) paths_.push_back(std::make_unique<PathIndex>());
    if (std::find(places.begin(), places.end(), place) != places.end()) continue;
    places.push_back(place);
    paths_[place]->add(number, route);
  }
}

void HostIndex::compile(std::span<const std::vector<ExactKey>> keys) {
  for (const auto& paths : paths_) paths->compile(keys);
  any_host_.compile(keys);
}

void HostIndex::collect(const ExchangeView& exchange, Candidates& candidates) const {
  any_host_.collect(exchange, candidates);
  if (exchange.request == nullptr || paths_.empty()) return;
  const std::string_view host = exchange.request->host;
  const std::uint32_t place = hosts_.find(host);
  if (place != TextIndex::kNone) paths_[place]->collect(exchange, candidates);
  std::size_t dot = host.size();
  for (std::size_t labels = 0; labels < most_labels_ && dot != 0; ++labels) {
    dot = host.rfind('.', dot - 1);
    if (dot == host.npos) return;
    const std::uint32_t wild = suffixes_.find(host.substr(dot + 1));
    if (wild != TextIndex::kNone) paths_[wild]->collect(exchange, candidates);
  }
}

std::span<const std::uint32_t> HostIndex::longest_run() const {
  std::span<const std::uint32_t> longest = any_host_.longest_run();
  for (const auto& paths : paths_) longest = longer(longest, paths->longest_run());
  return longest;
}

}  // namespace weir::route
