#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/filter/exchange_record.h"
#include "core/route/template.h"
#include "core/server/log_format_time.h"

namespace weir::server {

// What a line of an access log looks like: a JSON object whose fields are fixed and may be added to
// from the request, or a text with "%status%", "%ended.why%", "%var.tenant%", "%header.x%" and all
// other variables of templates, and "%%" for a percent sign. Whatever clients and
// origins send, a line stays one line, and the JSON stays valid: values are escaped as in a JSON
// string. Long values are cut and end in "...". Immutable; used by all workers.
class LogFormat {
 public:
  // No line is longer; parse() refuses a format that could make one.
  static constexpr std::size_t kMaxLine = 16 * 1024;
  // Of attempts, the first; more are left out.
  static constexpr std::uint32_t kMaxAttempts = 16;

  // Fields that do not apply are "" or null. `more` are names of fields of the request, which come
  // last; an unknown one, and one that is there already, is an error.
  static LogFormat json() { return json({}).value(); }
  static Result<LogFormat> json(std::span<const std::string> more);
  // In a text they are "-". An unknown field is an error that names the nearest one.
  static Result<LogFormat> parse(std::string_view text);

  // Writes the line and its newline to `to`, which has room for kMaxLine bytes; returns its end.
  char* write(const filter::ExchangeRecord& record, LogTime& time, char* to) const;

  // All fields, those of every JSON object first, in its order, where a dot is a nested object.
  // "var.NAME" is for texts alone.
  struct Name {
    std::string_view name;
    std::string_view doc;
    bool of_request = false;  // in a JSON object when asked for
  };
  static std::span<const Name> names();

  enum class Field : std::uint8_t;

 private:
  struct Part {
    std::uint32_t literal_size;  // of the text before the field
    Field field;
    std::uint8_t index;  // of the name of var.NAME, or of a template
  };

  char* write_variable(const Part& part, const filter::ExchangeRecord& record, char* to) const;
  char* write_template(const Part& part, const filter::ExchangeRecord& record, char* to) const;

  void add(std::size_t& literal, Field field, std::size_t index = 0);
  // Adds a field by its name; returns the most bytes that it writes.
  Result<std::size_t> add_named(std::size_t& literal, std::string_view name);

  bool json_ = false;     // the fixed fields come before what follows
  std::string literals_;  // of all parts, one behind the other
  std::vector<Part> parts_;
  std::vector<std::string> variables_;
  std::vector<route::Template> templates_;
};

}  // namespace weir::server
