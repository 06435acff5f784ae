#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "config/reader.h"
#include "config/schema.h"

namespace weir::config::test {

// An environment that is a map of variables and a map of files by path.
struct Fakes {
  std::map<std::string, std::string, std::less<>> variables;
  std::map<std::string, std::string, std::less<>> files;

  Environment environment() const {
    Environment environment;
    environment.variable = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    };
    environment.file = [this](const std::string& path) -> Result<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return config_error("cannot open " + path);
      return found->second;
    };
    return environment;
  }
};

// One text that was read as a T, with everything that was said about it.
template <typename T>
struct Loaded {
  T value{};
  std::optional<Node> tree;
  Sources sources;
  Diagnostics diagnostics;

  bool ok() const { return diagnostics.ok(); }
  std::string text() const { return to_text(diagnostics, sources); }
};

// Fills `loaded` from `text`; false when something was reported.
template <typename T>
bool load(std::string text, Loaded<T>& loaded, const Fakes& fakes = {}, bool offline = false) {
  const std::uint32_t source = loaded.sources.add("dir/a.yaml", std::move(text));
  loaded.tree = read_yaml(loaded.sources, source, loaded.diagnostics);
  if (!loaded.tree) return false;
  Interpolator interpolator(loaded.sources, fakes.environment());
  Reading reading(loaded.diagnostics, interpolator);
  reading.set_offline(offline);
  return read(*loaded.tree, loaded.value, reading);
}

// What is said about `text` when it is read as a T.
template <typename T>
std::string problems(std::string text, const Fakes& fakes = {}) {
  Loaded<T> loaded;
  load(std::move(text), loaded, fakes);
  return loaded.text();
}

}  // namespace weir::config::test
