#include <iostream>
#include <tuple>

#include <unistd.h>

#include "config/build/diff.h"
#include "config/build/reference.h"
#include "config/build/show.h"
#include "core/app/command_line.h"
#include "core/app/exit_status.h"
#include "core/app/running_config.h"
#include "core/app/terminal.h"
#include "core/app/verbs.h"

namespace weir::app {
namespace {

int show_verb(std::span<char*> arguments) {
  config::ConfigInput input;
  config::ShowOptions options;
  CommandLine line(
      "Shows what all layers come to, as YAML that is a configuration itself. With PATH, what each "
      "layer makes of that value, oldest first. Secrets are hidden. `-c running` shows what a "
      "running Weir has, with what operators have set.",
      "weir config show");
  line.add_option("path", options.path,
                  "Such as routes.shop.api.timeout or clusters.api.endpoints[10.0.0.2:9000]")
      .placeholder("PATH");
  add_config_options(line, input);
  add_env_option(line, input);
  std::string socket;
  add_socket_option(line, socket);
  const Option origins = line.add_flag("--origins", options.origins,
                                       "Behind each value, the file and line it comes from");
  line.add_flag("--json", options.json, "JSON in place of YAML, which has no room for origins")
      .excludes(origins);
  if (const auto done = line.parse(arguments)) return *done;
  if (const auto taken = take_running(input, socket); !taken) return report(taken);

  options.style = style_for(STDERR_FILENO);
  const config::Shown shown = config::show(input, options);
  std::cout << shown.text << std::flush;
  std::cerr << shown.problems;
  return exit_status_of(shown.verdict);
}

int diff_verb(std::span<char*> arguments) {
  std::vector<std::string> sides;
  config::DiffOptions options;
  CommandLine line(
      "Tells what a reload from one configuration to another would change: + added, - removed, ~ "
      "changed, ^ moved in its list, each by its path. What is written is compared by what it "
      "means, "
      "`${…}` by its value. Beside `running`, a file is read with the variables of that process.",
      "weir config diff");
  line.add_option("sides", sides,
                  "Two files or directories, the earlier one first; `running` for what runs")
      .required()
      .expected(2)
      .placeholder("A B");
  config::ConfigInput files;
  add_set_option(line, files, "One value above the files of each side but `running`");
  add_env_option(line, files);
  std::string socket;
  add_socket_option(line, socket);
  line.add_flag("--json", options.json, "A JSON list, for tools");
  if (const auto done = line.parse(arguments)) return *done;

  config::ConfigInput before;
  config::ConfigInput after;
  for (const auto& [side, other, path] :
       {std::tuple(&before, &after, sides[0]), std::tuple(&after, &before, sides[1])}) {
    side->paths = {path};
    if (!is_running(*side)) {
      side->sets = files.sets;
      side->env = files.env;
      continue;
    }
    const auto taken = take_running(*side, socket, RunningOverrides::Told);
    if (!taken) return report(taken);
    // A reload would read the other one with the variables of that process.
    other->variables = side->variables;
    std::erase_if(other->variables,
                  [](const auto& variable) { return config::is_name_of_file(variable.first); });
  }
  options.style = style_for(STDERR_FILENO);
  const config::Diffed diffed = config::diff(before, after, options);
  std::cout << diffed.text << std::flush;
  std::cerr << diffed.problems;
  return exit_status_of(diffed.verdict);
}

int print(std::string_view about, std::string_view name, std::string (*text)(),
          std::span<char*> arguments) {
  CommandLine line{std::string(about), std::string(name)};
  if (const auto done = line.parse(arguments)) return *done;
  std::cout << text() << std::flush;
  return kGood;
}

int schema_verb(std::span<char*> arguments) {
  return print("Prints a JSON Schema by which editors complete and check a configuration.",
               "weir config schema", config::schema, arguments);
}

int docs_verb(std::span<char*> arguments) {
  return print("Prints the reference page: every key, default, filter, variable and reason code.",
               "weir config docs", config::reference, arguments);
}

constexpr Verb kVerbs[] = {
    {"show", "what all layers come to, and where each value is from", show_verb},
    {"diff", "what a reload from one to another would change", diff_verb},
    {"schema", "a JSON Schema of the configuration, for editors", schema_verb},
    {"docs", "the reference page of the configuration", docs_verb},
};

}  // namespace

int config_verb(std::span<char*> arguments) {
  return run_one_of(kVerbs, "weir config", "Tells about a configuration.", arguments);
}

}  // namespace weir::app
