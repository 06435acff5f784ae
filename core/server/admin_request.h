#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/server/admin_pages.h"

namespace weir::server {

// What somebody asks Weir itself.
struct AdminRequest {
  bool change = false;       // POST: to do something; else to show something
  bool full_access = false;  // came by the control socket
  std::string path;
  std::string query;  // as in the URL, with its "?"
  std::string body;   // of a change: a JSON object
  PageFormat format = PageFormat::AsText;

  // The value of `name` in the query; "" for a name without a value.
  std::optional<std::string_view> parameter(std::string_view name) const;
  // The same as a number from `least` to `most`.
  Result<std::optional<std::int64_t>> number(std::string_view name, std::int64_t least,
                                             std::int64_t most) const;
  // Whether the query has nothing but `known`, which may be empty, and `json`.
  Result<void> check_parameters(std::string_view known) const;
};

struct AdminAnswer {
  std::uint16_t status = 200;
  std::string text;
  std::string_view type{};  // a literal; by the format unless set
};

using TakeAnswer = std::function<void(AdminAnswer)>;

}  // namespace weir::server
