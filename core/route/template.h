#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/arena.h"
#include "core/base/result.h"
#include "core/route/exchange_view.h"
#include "core/route/named_value.h"

namespace weir::route {

// A text with variables: "%client_ip%", "%header.x%", "%var.tenant%", "%%" for a percent sign. One
// list of variables for headers, logs, redirects and replies. Immutable; used by all workers.
class Template {
 public:
  Template() = default;
  // An unknown variable is an error that names the nearest one.
  static Result<Template> parse(std::string_view text);

  bool is_constant() const;
  // Renders into the arena; a constant text is returned as it is. A variable that is not known in
  // this exchange is empty. Control characters in values become "_", so that a value can never
  // end a line.
  std::string_view render(const ExchangeView& exchange, Arena& arena) const;
  // The same as the value of a header field: without white space at its ends.
  std::string_view render_field(const ExchangeView& exchange, Arena& arena) const {
    return http::trim_white_space(render(exchange, arena));
  }
  // The text as it was written.
  const std::string& source() const { return source_; }
  // That some of it came from elsewhere and is not shown, but `written` is.
  void show_as(std::string written) {
    source_ = std::move(written);
    hidden_ = true;
  }
  // Whether source() is to be shown in place of what is rendered.
  bool hidden() const { return hidden_; }
  // What stands between the variables, in one piece.
  std::string literals() const;

  // The names that may stand between percent signs, one line of documentation each.
  struct Name {
    std::string_view name;  // "header.NAME" for those that take one
    std::string_view doc;
  };
  static std::vector<Name> names();
  // The first variable of this text that is one of `names`, spelt as there; empty when there is
  // none.
  std::string_view first_of(std::span<const std::string_view> names) const;

 private:
  enum class Variable : std::uint8_t;
  struct Entry;
  struct Part {
    Variable variable;
    ValueName name;  // what stands after the dot; of a literal, its text
  };

  static std::span<const Entry> entries();
  static Result<Part> parse_variable(std::string_view text);
  // The message for `text`, which is `kind` and perhaps a name.
  static std::string unknown_variable(std::string_view text, std::string_view kind);
  static std::string_view value_of(const Part& part, const ExchangeView& exchange, Arena& arena);
  static std::string_view value_of_request(Variable variable, const http::Request& request,
                                           Arena& arena);

  std::string source_;
  std::vector<Part> parts_;
  bool hidden_ = false;
};

}  // namespace weir::route
