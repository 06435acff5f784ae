#include "config/env_file.h"

#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

namespace weir::config {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Result<Variables> read_variables(const std::string& path, const std::string& content) {
  Variables variables;
  std::istringstream lines(content);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const std::size_t equals = text.find('=');
    const std::string_view name = trimmed(text.substr(0, equals));
    if (equals == std::string_view::npos || !is_variable_name(name)) {
      return config_error(path + ":" + std::to_string(number) + ": expected NAME=VALUE");
    }
    std::string_view value = trimmed(text.substr(equals + 1));
    const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
                        value.back() == value.front();
    if (quoted) value = value.substr(1, value.size() - 2);
    variables.insert_or_assign(std::string(name), value);
  }
  return variables;
}

}  // namespace

Result<Environment> environment_with(const std::string& path, Environment environment) {
  WEIR_TRY(content, environment.file(path));
  WEIR_TRY(read, read_variables(path, content));
  const auto variables = std::make_shared<const Variables>(std::move(read));
  environment.variable = [variables, below = std::move(environment.variable)](
                             std::string_view name) -> std::optional<std::string> {
    const auto found = variables->find(name);
    return found == variables->end() ? below(name) : found->second;
  };
  return environment;
}

}  // namespace weir::config
