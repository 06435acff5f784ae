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

// The name in what stands before the `=`, with an `export` that shells would have there.
std::string_view without_export(std::string_view name) {
  constexpr std::string_view kExport = "export ";
  return name.starts_with(kExport) ? trimmed(name.substr(kExport.size())) : name;
}

Variables read_variables(const std::string& content, std::vector<EnvProblem>& problems) {
  Variables variables;
  std::map<std::string_view, std::uint32_t> lines_of;  // by the names that `variables` keeps
  std::istringstream lines(content);
  std::uint32_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const std::size_t equals = text.find('=');
    const std::string_view name =
        equals == text.npos ? std::string_view() : trimmed(text.substr(0, equals));
    const std::string_view bare = without_export(name);
    const auto tell = [&](std::string message, bool lost) {
      const auto column = static_cast<std::uint32_t>(text.data() - line.data() + 1);
      problems.push_back({number, column, std::move(message), lost});
    };
    if (!is_variable_name(bare)) {
      tell("expected NAME=VALUE", true);
      continue;
    }
    if (bare != name) tell("leave export out: expected NAME=VALUE", false);
    if (const auto first = lines_of.find(bare); first != lines_of.end()) {
      tell("the same name stands on line " + std::to_string(first->second), false);
      continue;
    }
    std::string_view value = trimmed(text.substr(equals + 1));
    const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
                        value.back() == value.front();
    if (quoted) value = value.substr(1, value.size() - 2);
    lines_of.emplace(variables.emplace(bare, value).first->first, number);
  }
  return variables;
}

}  // namespace

Result<Environment> environment_with(const std::string& path, std::vector<EnvProblem>& problems,
                                     Environment environment) {
  WEIR_TRY(content, environment.file(path));
  const auto variables = std::make_shared<const Variables>(read_variables(content, problems));
  environment.variable = [variables, below = std::move(environment.variable)](
                             std::string_view name) -> std::optional<std::string> {
    const auto found = variables->find(name);
    return found == variables->end() ? below(name) : found->second;
  };
  return environment;
}

}  // namespace weir::config
