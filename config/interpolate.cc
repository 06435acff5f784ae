#include "config/interpolate.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "config/file_text.h"
#include "core/base/quote.h"

namespace weir::config {

namespace {

std::optional<std::string> process_variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

Result<std::string> read_small_file(const std::string& path) {
  WEIR_TRY(content, file_text(path, kMaxInterpolatedFile + 1, Pipes::Refused));
  if (content.size() > kMaxInterpolatedFile) return config_error(path + " is larger than 1MiB");
  return content;
}

std::string quoted(std::string_view inside) {
  return "${" + clipped(inside) + "}";
}

void put(std::string_view value, Percents percents, std::string& text) {
  for (const char c : value) {
    if (c == '%' && percents == Percents::Doubled) text += c;
    text += c;
  }
}

Error not_here(std::string message) {
  return {ErrorOrigin::System, std::move(message), 0};
}

}  // namespace

bool is_variable_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto in_name = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), in_name);
}

Environment process_environment() {
  return {process_variable, read_small_file};
}

Result<std::string> Interpolator::expand(std::string_view text, std::uint32_t source,
                                         Percents percents) {
  std::string expanded;
  std::optional<Error> lacking;
  while (true) {
    const std::size_t dollar = text.find("${");
    if (dollar == std::string_view::npos) break;
    const std::size_t before = text.substr(0, dollar).find_last_not_of('$');
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t dollars = dollar + 1 - begin;
    expanded += text.substr(0, begin + dollars / 2);
    text.remove_prefix(dollar + 2);
    if (dollars % 2 == 0) {
      expanded += '{';
      continue;
    }
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) {
      return config_error("'${' has no '}'; a literal one is written '$${'");
    }
    Result<std::string> value = replacement(text.substr(0, end), source);
    if (value) {
      put(*value, percents, expanded);
    } else if (value.error().origin != ErrorOrigin::System) {
      return value;
    } else if (!lacking) {
      lacking = std::move(value).error();
    }
    text.remove_prefix(end + 1);
  }
  if (lacking) return *std::move(lacking);
  expanded += text;
  return expanded;
}

Result<std::string> Interpolator::replacement(std::string_view inside, std::uint32_t source) {
  if (inside.find("${") != std::string_view::npos) {
    return config_error(quoted(inside) + " has another '${' inside; they do not nest");
  }
  constexpr std::string_view kFile = "file:";
  if (inside.starts_with(kFile)) return from_file(inside.substr(kFile.size()), source);
  return from_variable(inside);
}

Result<std::string> Interpolator::file(std::string_view path, std::uint32_t source) {
  const std::string resolved = sources_.resolve(source, path);
  files_.add(resolved);
  return environment_.file(resolved);
}

Result<std::string> Interpolator::from_file(std::string_view path, std::uint32_t source) {
  if (path.empty()) return config_error("${file:} names no file");
  Result<std::string> content = file(path, source);
  if (!content) return not_here(std::move(content).error().message);
  if (content->ends_with('\n')) content->pop_back();
  if (content->ends_with('\r')) content->pop_back();
  return content;
}

Result<std::string> Interpolator::from_variable(std::string_view inside) {
  const std::size_t colon = inside.find(':');
  const std::string_view name = inside.substr(0, colon);
  if (!is_variable_name(name)) {
    return config_error(quoted(inside) +
                        " names no variable; a name has letters, digits and '_', and after it may "
                        "stand ':-default' or ':?message'");
  }
  std::optional<std::string> value = environment_.variable(name);
  if (colon == std::string_view::npos) {
    if (value) return *std::move(value);
    return not_here("the variable " + clipped(name) + " is not set; ${" + clipped(name) +
                    ":-…} would give a default");
  }
  const std::string_view operation = inside.substr(colon, 2);
  const std::string_view operand = inside.substr(std::min(inside.size(), colon + 2));
  if (operation != ":-" && operation != ":?") {
    return config_error(quoted(inside) + ": after the name may stand ':-default' or ':?message'");
  }
  if (value && !value->empty()) return *std::move(value);
  if (operation == ":-") return std::string(operand);
  return not_here("the variable " + clipped(name) + " is not set" +
                  (operand.empty() ? "" : ": " + clipped(operand)));
}

}  // namespace weir::config
