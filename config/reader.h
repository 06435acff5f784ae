#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "config/diagnostics.h"
#include "config/file_text.h"
#include "config/node.h"
#include "config/sources.h"
#include "core/base/result.h"

namespace weir::config {

// What one file may ask for; more is an error.
struct Limits {
  std::size_t bytes = 16 << 20;
  std::size_t depth = 64;
  std::size_t aliases = 1000;
  // Values, and bytes of text in them, when every alias is replaced by what it stands for.
  std::size_t nodes = 1'000'000;
  std::size_t text = 64 << 20;
  std::size_t scalar = 1 << 20;  // bytes of one text
};

// Reads the YAML of one source, strictly: duplicate keys, tags, several documents, control
// characters, text that is not UTF-8 and keys that are not text are errors. Anchors and `<<` hold
// within the source: the keys of a merged map come after the written ones and never replace them.
// `yes`, `no` and numbers are text like any other. A source without content is an empty map.
//
// Problems go to `diagnostics`; without a tree only when there is none to go on with.
std::optional<Node> read_yaml(const Sources& sources, std::uint32_t source,
                              Diagnostics& diagnostics, const Limits& limits = {});

// Adds the file at `path` to `sources`; the result is its index. Of what is longer than
// `limits.bytes` no more is read than read_yaml() needs to say so.
Result<std::uint32_t> load_file(const std::string& path, Sources& sources, Pipes pipes,
                                const Limits& limits = {});

}  // namespace weir::config
