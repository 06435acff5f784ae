#include <cstdio>
#include <iostream>
#include <string>

#include <fcntl.h>

#include "core/app/exit_status.h"
#include "core/app/verbs.h"

namespace weir::app {
namespace {

constexpr Verb kVerbs[] = {
    {"run", "serve a configuration", run_verb},
    {"check", "find every problem in a configuration", check_verb},
    {"config", "show what all layers come to", config_verb},
    {"explain", "what happens to a request, and why", explain_verb},
    {"test", "run the tests of a configuration", test_verb},
    {"ctl", "speak with a Weir that runs", ctl_verb},
    {"origin", "a small origin for trying things out", origin_verb},
    {"demo", "a complete running example on free ports", demo_verb},
};

// Whatever is opened first would take the place of a standard descriptor that is closed, and be
// written to as if it was that one.
void open_standard_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) == -1) open("/dev/null", O_RDWR);
  }
}

// What could not be written was not said.
int finished(int status) {
  std::cout.flush();
  if (std::cout.good() && std::fflush(stdout) == 0) return status;
  std::cerr << "weir: cannot write to standard output\n";
  return status == kGood ? kEnvironment : status;
}

int main(std::span<char*> arguments) {
  open_standard_descriptors();
  const std::string_view word = arguments.size() < 2 ? "" : arguments[1];
  if (word == "--version" || word == "version") {
    std::printf("weir %s\n", std::string(kVersion).c_str());
    return finished(kGood);
  }
  const int status =
      run_one_of(kVerbs, "weir",
                 "Weir, a programmable proxy and load balancer; --version tells which.", arguments);
  return finished(status);
}

}  // namespace
}  // namespace weir::app

int main(int argc, char** argv) {
  return weir::app::main(std::span(argv, static_cast<std::size_t>(argc)));
}
