#include <cstdio>
#include <string>

#include "core/app/exit_status.h"
#include "core/app/verbs.h"

namespace weir::app {
namespace {

constexpr Verb kVerbs[] = {
    {"run", "serve a configuration", run_verb},
    {"check", "find every problem in a configuration", check_verb},
    {"origin", "a small origin for trying things out", origin_verb},
    {"demo", "a complete running example on free ports", demo_verb},
};

std::string help() {
  std::string text = "Weir, a programmable proxy and load balancer.\n\nUsage: weir VERB …\n\n";
  for (const Verb& verb : kVerbs) {
    text.append("  ").append(verb.name).append(10 - verb.name.size(), ' ').append(verb.does) +=
        '\n';
  }
  text += "\nweir VERB --help tells more; weir --version tells which this is.\n";
  return text;
}

int print(std::FILE* to, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), to);
  return to == stdout ? kGood : kUsage;
}

int main(std::span<char*> arguments) {
  if (arguments.size() < 2) return print(stderr, help());
  const std::string_view word = arguments[1];
  for (const Verb& verb : kVerbs) {
    if (verb.name == word) return verb.run(arguments.subspan(1));
  }
  if (word == "--help" || word == "-h" || word == "help") return print(stdout, help());
  if (word == "--version" || word == "version") {
    return print(stdout, "weir " + std::string(kVersion) + "\n");
  }
  return print(stderr, "weir: there is no verb \"" + std::string(word) + "\"\n\n" + help());
}

}  // namespace
}  // namespace weir::app

int main(int argc, char** argv) {
  return weir::app::main(std::span(argv, static_cast<std::size_t>(argc)));
}
