#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/build/loading.h"
#include "config/yaml_text.h"
#include "filters/builtin.h"

namespace {

bool complete(const weir::server::Snapshot& snapshot) {
  for (const auto& listener : snapshot.listeners) {
    if (listener.chains.empty()) return false;
    for (const auto& chain : listener.chains) {
      if (chain.terminal == nullptr) return false;
      if (chain.http == nullptr) continue;
      if (chain.http->terminal == nullptr || chain.http->routes == nullptr) return false;
    }
  }
  return !snapshot.listeners.empty();
}

struct Input {
  std::vector<weir::config::Loading::Text> layers;
  std::vector<std::string> sets;
};

Input split(std::string_view text) {
  constexpr std::string_view kNext = "====\n";
  constexpr std::string_view kSet = "--set ";
  Input input;
  for (;;) {
    const std::size_t end = text.find(kNext);
    const std::string_view part = text.substr(0, end);
    if (part.starts_with(kSet)) {
      input.sets.emplace_back(part.substr(kSet.size(), part.find('\n') - kSet.size()));
    } else {
      input.layers.push_back({std::to_string(input.layers.size()) + ".yaml", std::string(part)});
    }
    if (end == std::string_view::npos) return input;
    text.remove_prefix(end + kNext.size());
  }
}

}  // namespace

// Any text as a configuration: it becomes a Snapshot of which nothing is missing, or something is
// said about it that can be printed both ways. Lines `====` part it into layers, and what begins
// with
// `--set ` is a value set above them; what they come to can be written and read again. There are no
// files and no variables.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  if (size > 64 * 1024) return 0;
  config::Environment environment;
  environment.variable = [](std::string_view) { return std::nullopt; };
  environment.file = [](const std::string&) -> Result<std::string> {
    return config_error("there are no files here");
  };
  const Input input = split({reinterpret_cast<const char*>(data), size});
  StateRegistry states;
  config::Loading loading(states);
  loading.load_texts(input.layers, input.sets, environment, filters::builtin_filters());
  if ((loading.snapshot != nullptr) != loading.diagnostics.ok()) __builtin_trap();
  if (loading.snapshot != nullptr && !complete(*loading.snapshot)) __builtin_trap();
  (void)to_text(loading.diagnostics, loading.sources, {.source_lines = true, .colour = true});
  (void)to_json(loading.diagnostics, loading.sources);
  if (loading.snapshot == nullptr) return 0;
  const config::Loading::Text merged{"merged.yaml", to_yaml(loading.merged)};
  config::Loading again(states);
  again.load_texts({&merged, 1}, {}, environment, filters::builtin_filters());
  if (again.snapshot == nullptr) __builtin_trap();
  return 0;
}
