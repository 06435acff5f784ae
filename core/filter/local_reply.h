#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/filter/reason.h"
#include "core/route/template.h"

namespace weir::filter {

// An answer that Weir or a filter makes by itself. Views live until the call that takes it ends.
struct LocalReply {
  std::uint16_t status = 500;
  Reason why = Reason::FilterReply;
  std::string_view body{};  // empty: the listener's template, or one line that names the status
  std::string_view content_type{};  // empty: text/plain
  std::span<const std::pair<std::string_view, std::string_view>> headers{};
};

// `local_replies:` of a listener: bodies by status in place of Weir's one line.
class LocalReplies {
 public:
  enum class ReasonHeader : unsigned char { Off, Trusted, All };

  struct Body {
    std::uint16_t first_status;  // a range: 404 to 404, or 500 to 599
    std::uint16_t last_status;
    std::string content_type;
    route::Template text;
  };

  // The narrowest range that holds `status`, or null.
  const Body* find(std::uint16_t status) const;

  std::vector<Body> bodies;
  // Who is told the reason code in x-weir-reason.
  ReasonHeader reason = ReasonHeader::Trusted;
};

}  // namespace weir::filter
