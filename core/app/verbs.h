#pragma once

#include <span>
#include <string_view>

namespace weir::app {

// One word behind `weir` on the command line.
struct Verb {
  std::string_view name;
  std::string_view does;
  // `arguments` as main() has them, with the verb in place of the program. Returns the exit status.
  int (*run)(std::span<char*> arguments);
};

int run_verb(std::span<char*> arguments);
int check_verb(std::span<char*> arguments);
int origin_verb(std::span<char*> arguments);
int demo_verb(std::span<char*> arguments);

extern const std::string_view kVersion;

}  // namespace weir::app
