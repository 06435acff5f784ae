#include "config/secrets.h"

#include <gtest/gtest.h>

#include "config/yaml_text.h"
#include "tests/unit/config/load.h"
#include "tests/unit/config/mini_file.h"

namespace weir::config {
namespace {

std::string hidden(std::string text) {
  Sources sources;
  Diagnostics diagnostics;
  auto tree = read_yaml(sources, sources.add("a", std::move(text)), diagnostics);
  if (!tree) return to_text(diagnostics, sources);
  constexpr Rules kNoRules;
  const FilterSchema filters;
  hide_secrets(filters, {type_info<mini::File>(), kNoRules}, *tree);
  return to_yaml(*tree);
}

TEST(Secrets, AreHiddenWhereverTheyStand) {
  EXPECT_EQ(hidden("routes: { shop: [ { name: a, cookie_keys: [one, two], cluster: b } ] }"),
            "routes:\n"
            "  shop:\n"
            "    - name: a\n"
            "      cookie_keys: [(hidden), (hidden)]\n"
            "      cluster: b\n");
}

TEST(Secrets, OfWhichOnlyTheOriginIsWrittenStay) {
  EXPECT_EQ(hidden("routes: { shop: [ { cookie_keys: "
                   "['${file:key}', '${KEY}', '${KEY:-secret}', 'a${KEY}', '${A}b${C}'] } ] }"),
            "routes:\n"
            "  shop:\n"
            "    - cookie_keys: [\"${file:key}\", \"${KEY}\", (hidden), (hidden), (hidden)]\n");
}

}  // namespace
}  // namespace weir::config
