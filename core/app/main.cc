#include <cstdio>
#include <string>

#include "core/app/exit_status.h"
#include "core/app/verbs.h"

namespace weir::app {
namespace {

constexpr Verb kVerbs[] = {
    {"run", "serve a configuration", run_verb},
    {"check", "find every problem in a configuration", check_verb},
    {"config", "show what all layers come to", config_verb},
    {"origin", "a small origin for trying things out", origin_verb},
    {"demo", "a complete running example on free ports", demo_verb},
};

int main(std::span<char*> arguments) {
  const std::string_view word = arguments.size() < 2 ? "" : arguments[1];
  if (word == "--version" || word == "version") {
    std::printf("weir %s\n", std::string(kVersion).c_str());
    return kGood;
  }
  return run_one_of(kVerbs, "weir",
                    "Weir, a programmable proxy and load balancer; --version tells which.",
                    arguments);
}

}  // namespace
}  // namespace weir::app

int main(int argc, char** argv) {
  return weir::app::main(std::span(argv, static_cast<std::size_t>(argc)));
}
