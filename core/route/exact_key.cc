#include "core/route/exact_key.h"

#include <algorithm>

namespace weir::route {
namespace {

void add(ValueSource source, const std::vector<NamedMatch>& matches, std::vector<ExactKey>& keys) {
  for (const NamedMatch& match : matches) {
    if (match.any.empty() || !std::all_of(match.any.begin(), match.any.end(), is_exact)) continue;
    ExactKey key{ValueName(source, match.name), {}};
    for (const TextMatch& value : match.any) key.values.push_back(value.text);
    keys.push_back(std::move(key));
  }
}

}  // namespace

std::vector<ExactKey> exact_keys(const Match& match) {
  std::vector<ExactKey> keys;
  if (!match.methods.empty()) keys.push_back({ValueName(ValueSource::Method, ""), match.methods});
  const bool single_ports =
      std::all_of(match.ports.begin(), match.ports.end(),
                  [](const PortRange& range) { return range.first == range.last; });
  if (!match.ports.empty() && single_ports) {
    ExactKey key{ValueName(ValueSource::Port, ""), {}};
    for (const PortRange& range : match.ports) key.values.push_back(std::to_string(range.first));
    keys.push_back(std::move(key));
  }
  add(ValueSource::Header, match.headers, keys);
  add(ValueSource::Query, match.query, keys);
  add(ValueSource::Cookie, match.cookies, keys);
  add(ValueSource::Variable, match.vars, keys);
  for (ExactKey& key : keys) {
    std::sort(key.values.begin(), key.values.end());
    key.values.erase(std::unique(key.values.begin(), key.values.end()), key.values.end());
  }
  return keys;
}

bool is_exact(const TextMatch& match) {
  return match.kind == TextMatch::Kind::Exact && !match.inverted;
}

}  // namespace weir::route
