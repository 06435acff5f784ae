#include <cstddef>
#include <cstdint>
#include <string>

#include "config/build/loading.h"
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

}  // namespace

// Any text as a configuration: it becomes a Snapshot of which nothing is missing, or something is
// said about it that can be printed both ways. There are no files and no variables.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  if (size > 64 * 1024) return 0;
  config::Environment environment;
  environment.variable = [](std::string_view) { return std::nullopt; };
  environment.file = [](const std::string&) -> Result<std::string> {
    return config_error("there are no files here");
  };
  StateRegistry states;
  config::Loading loading(states);
  loading.load_text("weir.yaml", std::string(reinterpret_cast<const char*>(data), size),
                    environment, filters::builtin_filters());
  if ((loading.snapshot != nullptr) != loading.diagnostics.ok()) __builtin_trap();
  if (loading.snapshot != nullptr && !complete(*loading.snapshot)) __builtin_trap();
  (void)to_text(loading.diagnostics, loading.sources, {.source_lines = true, .colour = true});
  (void)to_json(loading.diagnostics, loading.sources);
  return 0;
}
