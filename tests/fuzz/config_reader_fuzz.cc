#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/unit/config/load.h"
#include "tests/unit/config/mini_file.h"

// Any bytes, read as YAML and then as a configuration; what is said about them must be printable
// both ways. Small limits, so that the fuzzer reaches them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::config;
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.add("a.yaml", std::string(reinterpret_cast<const char*>(data), size));
  Limits limits;
  limits.aliases = 20;
  limits.nodes = 5000;
  limits.text = 100'000;
  limits.scalar = 2000;
  const auto tree = read_yaml(sources, source, diagnostics, limits);
  if (!tree && diagnostics.ok()) __builtin_trap();
  if (tree) {
    const test::Fakes fakes{{{"A", "5s"}, {"B", ""}}, {{"f", "x\n"}}};
    Interpolator interpolator(sources, fakes.environment());
    Reading reading(diagnostics, interpolator);
    mini::File file;
    const bool ok = read(*tree, file, reading);
    if (!ok && diagnostics.ok()) __builtin_trap();
  }
  (void)to_text(diagnostics, sources, {.source_lines = true, .colour = true});
  (void)to_json(diagnostics, sources);
  return 0;
}
