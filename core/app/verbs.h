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
int config_verb(std::span<char*> arguments);
int explain_verb(std::span<char*> arguments);
int ctl_verb(std::span<char*> arguments);
int test_verb(std::span<char*> arguments);
int origin_verb(std::span<char*> arguments);
int demo_verb(std::span<char*> arguments);

// Runs the one of `verbs` that the second argument names. `program` is what comes before it on the
// command line, and `about` what its help begins with.
int run_one_of(std::span<const Verb> verbs, std::string_view program, std::string_view about,
               std::span<char*> arguments);

extern const std::string_view kVersion;

}  // namespace weir::app
