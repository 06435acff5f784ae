#include "core/app/verbs.h"

#include <cstdio>
#include <string>
#include <vector>

#include "core/app/exit_status.h"
#include "core/base/escape.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::app {
namespace {

std::string help(std::span<const Verb> verbs, std::string_view program, std::string_view about) {
  const std::string name(program);
  std::string text = std::string(about) + "\n\nUsage: " + name + " VERB …\n\n";
  for (const Verb& verb : verbs) {
    text.append("  ").append(verb.name).append(10 - verb.name.size(), ' ').append(verb.does) +=
        '\n';
  }
  return text + "\n" + name + " VERB --help tells more.\n";
}

int print(std::FILE* to, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), to);
  return to == stdout ? kGood : kUsage;
}

}  // namespace

int run_one_of(std::span<const Verb> verbs, std::string_view program, std::string_view about,
               std::span<char*> arguments) {
  const std::string text = help(verbs, program, about);
  if (arguments.size() < 2) return print(stderr, text);
  const std::string_view word = arguments[1];
  for (const Verb& verb : verbs) {
    if (verb.name == word) return verb.run(arguments.subspan(1));
  }
  if (word == "--help" || word == "-h" || word == "help") return print(stdout, text);
  std::vector<std::string_view> known;
  for (const Verb& verb : verbs) known.push_back(verb.name);
  return print(stderr, std::string(program) + ": there is no verb " + printable(quote(word)) +
                           did_you_mean(word, known) + "\n\n" + text);
}

}  // namespace weir::app
