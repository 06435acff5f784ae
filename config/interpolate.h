#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "config/sources.h"
#include "config/written.h"
#include "core/base/files_read.h"
#include "core/base/result.h"

namespace weir::config {

// Where `${…}` gets its values from; the tests give their own.
struct Environment {
  std::function<std::optional<std::string>(std::string_view name)> variable;
  // The content of the file at `path`; the message of an error says why there is none.
  std::function<Result<std::string>(const std::string& path)> file;
};

// The process environment and the file system. A file is read up to kMaxInterpolatedFile bytes.
Environment process_environment();

inline constexpr std::size_t kMaxInterpolatedFile = 1 << 20;

// Whether `${text}` could be: letters, digits and `_`, no digit first.
bool is_variable_name(std::string_view text);

// How a `%` in what is put in stands there: as it is, or as the `%%` of notations in which one
// begins a variable.
enum class Percents : std::uint8_t { AsTheyAre, Doubled };

// Replaces `${NAME}`, `${NAME:-default}` (when unset or empty), `${NAME:?message}` (the same, an
// error) and `${file:PATH}` (its final newline dropped) in the text of one value. Directly before a
// `{`, `$$` is a `$`: `$${` is a literal `${`, and `$$${NAME}` a `$` and a value. What was put in
// is not looked at again, and a default or message ends at the first `}`. Any other `$` is an
// ordinary character.
class Interpolator {
 public:
  Interpolator(const Sources& sources, Environment environment)
      : sources_(sources), environment_(std::move(environment)) {}

  // Relative paths start at the directory of `source`. The message is whole and never has a value.
  // An error of the system is about what the machine lacks, a variable or a file; any other is
  // about the text itself, and goes before those.
  Result<std::string> expand(std::string_view text, std::uint32_t source,
                             Percents percents = Percents::AsTheyAre);
  // All that the file at `path` has, which is relative as above.
  Result<std::string> file(std::string_view path, std::uint32_t source);
  const Sources& sources() const { return sources_; }
  // The files that values were taken from, for those who watch them; each once.
  const FilesRead& files() const { return files_; }
  // Which values it was asked for, as their readers say.
  Written& written() { return written_; }

 private:
  Result<std::string> replacement(std::string_view inside, std::uint32_t source);
  Result<std::string> from_file(std::string_view path, std::uint32_t source);
  Result<std::string> from_variable(std::string_view inside);

  const Sources& sources_;
  Environment environment_;
  FilesRead files_;
  Written written_;
};

}  // namespace weir::config
