#include "core/filter/explanation.h"

#include <algorithm>
#include <cstdio>

namespace weir::filter {
namespace {

// More candidates of one kind are counted and not shown.
constexpr std::size_t kShown = 20;

std::string percent_text(double percent) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g %%", percent);
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

class Lines {
 public:
  // Nothing when `text` is empty.
  void add(std::string_view label, std::string_view text, std::string_view where = {}) {
    if (text.empty()) return;
    std::string line(label);
    line.resize(std::max<std::size_t>(line.size() + 1, kIndent), ' ');
    line += text;
    if (!where.empty()) (line += "  ") += where;
    out_ += line + "\n";
  }
  void add(const std::vector<Refused>& refused) {
    const std::vector<bool> shown = nearest(refused);
    const std::size_t hidden = refused.size() - std::min(refused.size(), kShown);
    for (std::size_t i = 0; i < refused.size(); ++i) {
      if (shown[i]) add("", "not " + refused[i].name + ": " + refused[i].why, refused[i].where);
    }
    if (hidden > 0) add("", "nor " + std::to_string(hidden) + " others that are farther off");
  }
  std::string take() { return std::move(out_); }

 private:
  // Those for the host of the request come first, then those that stand nearest before the one that
  // was chosen.
  static std::vector<bool> nearest(const std::vector<Refused>& refused) {
    std::vector<bool> shown(refused.size(), false);
    std::size_t left = kShown;
    for (const bool near : {true, false}) {
      for (std::size_t i = refused.size(); i > 0 && left > 0; --i) {
        if (refused[i - 1].near != near) continue;
        shown[i - 1] = true;
        --left;
      }
    }
    return shown;
  }

  static constexpr std::size_t kIndent = 15;
  std::string out_;
};

void add_answer(const Explanation& explanation, Lines& lines) {
  switch (explanation.kind) {
    case Explanation::Kind::Invalid:
      lines.add("answer", std::to_string(explanation.status) + ": " + explanation.why,
                explanation.http_error);
      break;
    case Explanation::Kind::Closed:
      lines.add("answer", "the connection is closed: " + explanation.filter +
                              " refuses all that come from " + explanation.peer);
      break;
    case Explanation::Kind::NoChain:
      lines.add("answer", "the connection is closed: no chain is for this client");
      break;
    case Explanation::Kind::Tcp:
      lines.add("answer", "none of HTTP: this chain passes bytes");
      break;
    case Explanation::Kind::Filter:
      lines.add("answer", std::to_string(explanation.status) + ": " + explanation.filter +
                              " refuses all that come from " + explanation.client);
      break;
    case Explanation::Kind::NoRoute:
      lines.add("answer", "404: no route matches");
      break;
    case Explanation::Kind::Redirect:
      lines.add("redirect", std::to_string(explanation.status) + " to " + explanation.location);
      break;
    case Explanation::Kind::Respond:
      lines.add("respond", std::to_string(explanation.status));
      break;
    case Explanation::Kind::Cluster:
      for (const Explanation::Share& share : explanation.clusters) {
        const bool one = explanation.clusters.size() == 1;
        lines.add("cluster", share.cluster + (one ? "" : " " + percent_text(share.percent)),
                  share.members);
      }
      lines.add("upstream", explanation.path);
      lines.add("host", explanation.host);
      for (const auto& [name, value] : explanation.headers) lines.add("", name + ": " + value);
      for (const auto& [key, value] : explanation.limits) lines.add(key, value);
      break;
  }
}

}  // namespace

std::string to_text(const Explanation& explanation, std::string_view request) {
  Lines lines;
  lines.add("request", std::string(request) + " from " + explanation.peer);
  lines.add("listener", explanation.listener + " at " + explanation.address, explanation.note);
  lines.add("accept", joined(explanation.accept));
  lines.add("sni", explanation.sni);
  lines.add("chain", explanation.chain);
  lines.add(explanation.refused_chains);
  if (!explanation.client.empty() && explanation.client != explanation.peer) {
    lines.add("client", explanation.client, "as trusted proxies say");
  }
  lines.add("filters", joined(explanation.network));
  lines.add("filters", joined(explanation.filters));
  for (const Explanation::ByChance& one : explanation.by_chance) {
    lines.add("route", one.name + " for " + percent_text(one.percent) + " of these, else",
              one.where);
  }
  lines.add("route", explanation.route, explanation.where);
  lines.add(explanation.refused);
  add_answer(explanation, lines);
  return lines.take();
}

}  // namespace weir::filter
