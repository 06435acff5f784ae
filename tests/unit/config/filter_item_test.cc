#include "config/filter_item.h"

#include <gtest/gtest.h>

#include "config/reader.h"

namespace weir::config {
namespace {

Node item_of(std::string text) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.add("a.yaml", "item: " + std::move(text));
  return *read_yaml(sources, source, diagnostics)->find("item");
}

TEST(FilterItem, IsKnownByItsNameElseByWhatItIs) {
  EXPECT_EQ(filter_name(item_of("http")), "http");
  EXPECT_EQ(filter_name(item_of("{ rate_limit: off }")), "rate_limit");
  EXPECT_EQ(filter_name(item_of("{ rate_limit: { rate: 1/s }, name: per-ip }")), "per-ip");
  EXPECT_EQ(filter_name(item_of("{ enabled: false, name: per-ip, $before: router }")), "per-ip");
  EXPECT_EQ(filter_name(item_of("{ $before: router, enabled: false, http: {} }")), "http");
  EXPECT_EQ(filter_name(item_of("{ plugin: { id: acme.audit, path: a.so } }")), "acme.audit");
  EXPECT_EQ(filter_name(item_of("{ lua: { script: filters/auth.v2.lua } }")), "auth.v2");
  EXPECT_EQ(filter_name(item_of("{ lua: off }")), "lua");
  EXPECT_EQ(filter_name(item_of("{ use: slow-lane }")), "");
  EXPECT_EQ(filter_name(item_of("[ http ]")), "");
}

}  // namespace
}  // namespace weir::config
