#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "config/map.h"
#include "config/schema.h"
#include "config/types/body.h"
#include "config/types/header_edits.h"
#include "core/filter/local_reply.h"

namespace weir::filter {

constexpr auto enum_names(LocalReplies::ReasonHeader) {
  using config::EnumName;
  using Who = LocalReplies::ReasonHeader;
  return std::array{EnumName{"off", Who::Off}, EnumName{"trusted", Who::Trusted},
                    EnumName{"all", Who::All}};
}

}  // namespace weir::filter

namespace weir::config {

// One of `local_replies: { bodies: … }`.
struct LocalReplyBody {
  std::optional<Located<BodyText>> text;
  std::optional<Located<std::string>> file;
  std::optional<FieldValue> content_type;

  static constexpr std::string_view type_name = "reply";
  static constexpr ShortForms short_forms{.scalar = "text"};
  static constexpr auto fields =
      std::tuple{field("text", &LocalReplyBody::text, "the body, with variables").one_of("body"),
                 field("file", &LocalReplyBody::file, "a file that has it, with variables")
                     .path()
                     .content()
                     .one_of("body"),
                 field("content_type", &LocalReplyBody::content_type,
                       "its type; otherwise by the ending of the file's name")};
};

// What Weir's own answers look like.
struct LocalReplies {
  using Who = filter::LocalReplies::ReasonHeader;

  Who reason = Who::Trusted;
  // By `404`, `5xx` or `500-599`.
  Map<LocalReplyBody> bodies;

  static constexpr std::string_view type_name = "local replies";
  static constexpr auto fields =
      std::tuple{field("reason", &LocalReplies::reason, "who is told why, in x-weir-reason"),
                 field("bodies", &LocalReplies::bodies, "bodies by status: 404, 5xx or 500-504")};

  // Warns when everybody is told reasons, which was read from `node`. Nobody is, where only this
  // machine comes.
  void warn_of_reason(const Node& node, Reading& reading) const;
  // Reads the files. Nothing when there was a problem; it was reported.
  std::optional<filter::LocalReplies> compiled(Reading& reading) const;
};

}  // namespace weir::config
