#pragma once

#include <string_view>

namespace weir::http {

// `text` without spaces and tabs at its ends.
constexpr std::string_view trim_white_space(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls `visit(std::string_view)` with each member of a comma-separated list that is not empty
// (RFC 9110 section 5.6.1). For lists of tokens: knows no quoted strings.
template <typename Visit>
void each_list_member(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view member = trim_white_space(list.substr(0, comma));
    if (!member.empty()) visit(member);
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace weir::http
