#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "config/build/loading.h"
#include "filters/builtin.h"

namespace weir::config::test {

// Variables and files that tests may refer to.
inline Environment environment() {
  Environment environment;
  environment.variable = [](std::string_view name) -> std::optional<std::string> {
    if (name == "PORT") return "9000";
    if (name == "TOKEN") return "t0kenenv";
    return std::nullopt;
  };
  environment.file = [](const std::string& path) -> Result<std::string> {
    if (path == "pages/503.html") return std::string("<p>%status% %host%, 100%%</p>\n");
    if (path == "pages/broken.html") return std::string("<p width=100%>");
    if (path == "key.txt") return std::string("s3cr3tfile\n");
    return config_error("cannot open " + path);
  };
  return environment;
}

// One text that was loaded as weir.yaml.
struct Loaded {
  StateRegistry states;
  Loading loading{states};

  explicit Loaded(std::string text) {
    const Loading::Text layer{"weir.yaml", std::move(text)};
    loading.load_texts({&layer, 1}, {}, environment(), filters::builtin_filters());
  }
  bool ok() const { return loading.snapshot != nullptr; }
  const server::Snapshot& snapshot() const { return *loading.snapshot; }
  std::string problems() const { return to_text(loading.diagnostics, loading.sources); }

  const filter::Chain& chain(std::size_t listener = 0, std::size_t index = 0) const {
    return snapshot().listeners.at(listener).chains.at(index);
  }
  const route::Route& route(std::size_t index, std::size_t list = 0) const {
    return snapshot().routes.at(list)->routes()[index];
  }
};

}  // namespace weir::config::test
