#include "config/types/local_replies.h"

#include <utility>
#include <vector>

#include "core/base/quote.h"

namespace weir::config {

namespace {

struct StatusRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};

std::optional<std::uint16_t> parse_status(std::string_view text) {
  const auto number = parse_integer(text);
  if (!number || text.size() != 3 || *number < 400 || *number > 599) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

std::optional<StatusRange> parse_range(std::string_view text) {
  if (text == "4xx") return StatusRange{400, 499};
  if (text == "5xx") return StatusRange{500, 599};
  const std::size_t dash = text.find('-');
  const auto first = parse_status(text.substr(0, dash));
  const auto last = dash == text.npos ? first : parse_status(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return StatusRange{*first, *last};
}

}  // namespace

void LocalReplies::warn_of_reason(const Node& node, Reading& reading) const {
  const Node* const written = node.find("reason");
  if (written == nullptr || reason != Who::All) return;
  reading.warning_below("reason", written->where(),
                        "tells everybody why a request was refused or failed; trusted tells "
                        "trusted_proxies alone");
}

std::optional<filter::LocalReplies> LocalReplies::compiled(Reading& reading) const {
  filter::LocalReplies replies;
  replies.reason = reason;
  bool ok = true;
  const auto step = reading.enter("bodies");
  for (const Named<LocalReplyBody>& entry : bodies) {
    const auto inner = reading.enter(entry.name);
    const auto range = parse_range(entry.name);
    if (!range) {
      ok = reading.error(entry.where, quote(entry.name) +
                                          " is not a status of 400 to 599, nor 4xx, 5xx or a "
                                          "range such as 500-504");
      continue;
    }
    const Body body{entry.value.text, entry.value.file, entry.where};
    auto text = body.load(reading);
    if (!text) {
      ok = reading.offline();
      continue;
    }
    std::string type(entry.value.content_type ? entry.value.content_type->text
                                              : body.content_type());
    if (type.empty()) type = "text/plain; charset=utf-8";
    replies.bodies.push_back({range->first, range->last, std::move(type), *std::move(text)});
  }
  if (!ok) return std::nullopt;
  return replies;
}

}  // namespace weir::config
