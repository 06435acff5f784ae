#include "core/route/path_index.h"

#include <algorithm>

namespace weir::route {
namespace {

bool all_of_kind(const std::vector<TextMatch>& matches, TextMatch::Kind kind) {
  return !matches.empty() &&
         std::all_of(matches.begin(), matches.end(), [kind](const TextMatch& match) {
           return match.kind == kind && !match.inverted;
         });
}

// Takes the next segment off `path`, which begins with "/".
std::string_view take_segment(std::string_view& path) {
  const std::string_view segment = path.substr(1, path.find('/', 1) - 1);
  path.remove_prefix(1 + segment.size());
  return segment;
}

}  // namespace

PathKey path_key(const Match& match) {
  if (all_of_kind(match.paths, TextMatch::Kind::Exact)) return PathKey::Exact;
  if (!match.regexes.empty()) return PathKey::Regex;
  if (!match.prefixes.empty()) return PathKey::Prefix;
  const bool from_root =
      std::all_of(match.paths.begin(), match.paths.end(),
                  [](const TextMatch& path) { return path.text.starts_with('/'); });
  if (from_root && all_of_kind(match.paths, TextMatch::Kind::Prefix)) return PathKey::TextPath;
  return PathKey::Other;
}

void PathIndex::add(std::uint32_t number, const IndexedRoute& route) {
  switch (path_key(*route.match)) {
    case PathKey::Exact:
      for (const TextMatch& path : route.match->paths) {
        const auto next = static_cast<std::uint32_t>(lists_.size());
        const std::uint32_t list = paths_.add(path.text, next);
        if (list == next) new_list();
        add_to(list, number);
      }
      return;
    case PathKey::Regex:
      for (const Regex& regex : route.condition->regexes()) {
        const auto next = static_cast<std::uint32_t>(regex_lists_.size());
        const std::uint32_t place = patterns_.add(regex.pattern(), next);
        if (place == next) {
          regexes_.add(regex);
          regex_lists_.push_back(new_list());
        }
        add_to(regex_lists_[place], number);
      }
      first_by_regex_ = std::min(first_by_regex_, number);
      return;
    case PathKey::Prefix:
      for (const std::string& prefix : route.match->prefixes) {
        add_to(list_of_prefix(normal_prefix(prefix)), number);
      }
      return;
    case PathKey::TextPath:
      for (const TextMatch& path : route.match->paths) {
        add_to(list_of_prefix(path.text.substr(0, path.text.rfind('/'))), number);
      }
      return;
    case PathKey::Other:
      if (others_ == TextIndex::kNone) others_ = new_list();
      add_to(others_, number);
      return;
  }
}

void PathIndex::add_to(std::uint32_t list, std::uint32_t number) {
  if (lists_[list].empty() || lists_[list].back() != number) lists_[list].push_back(number);
}

std::uint32_t PathIndex::new_list() {
  lists_.emplace_back();
  return static_cast<std::uint32_t>(lists_.size() - 1);
}

std::uint32_t PathIndex::list_of_prefix(std::string_view prefix) {
  std::uint32_t node = 0;
  while (!prefix.empty()) {
    const auto next = static_cast<std::uint32_t>(nodes_.size());
    node = edges_.add(node, take_segment(prefix), next);
    if (node == next) nodes_.push_back(TextIndex::kNone);
  }
  if (nodes_[node] == TextIndex::kNone) nodes_[node] = new_list();
  return nodes_[node];
}

void PathIndex::compile(std::span<const std::vector<ExactKey>> keys) {
  regexes_.compile();
  for (std::vector<std::uint32_t>& list : lists_) buckets_.emplace_back(std::move(list), keys);
  lists_ = {};
}

void PathIndex::collect(const ExchangeView& exchange, Candidates& candidates) const {
  const std::string_view path =
      exchange.request == nullptr ? std::string_view() : exchange.request->path;
  const auto collect_list = [&](std::uint32_t list, std::size_t prefix_size) {
    if (list == TextIndex::kNone) return;
    buckets_[list].collect(exchange, static_cast<std::uint32_t>(prefix_size), candidates);
  };
  collect_list(others_, 0);
  collect_list(paths_.find(path), 0);
  if (!regexes_.empty()) candidates.add_regexes(&first_by_regex_, *this);
  if (!path.starts_with('/')) return;
  collect_list(nodes_[0], 0);
  if (edges_.empty()) return;
  std::uint32_t node = 0;
  for (std::string_view rest = path; !rest.empty();) {
    node = edges_.find(node, take_segment(rest));
    if (node == TextIndex::kNone) return;
    collect_list(nodes_[node], path.size() - rest.size());
  }
}

std::span<const std::uint32_t> PathIndex::longest_run() const {
  std::span<const std::uint32_t> longest;
  for (const Bucket& bucket : buckets_) longest = longer(longest, bucket.longest_run());
  return longest;
}

void PathIndex::collect_regexes(const ExchangeView& exchange, Candidates& candidates) const {
  if (exchange.request == nullptr) return;
  regexes_.each_match(exchange.request->path, [&](std::uint32_t id) {
    buckets_[regex_lists_[id]].collect(exchange, 0, candidates);
  });
}

}  // namespace weir::route
