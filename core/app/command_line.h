#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/build/config_input.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace weir::app {

// An option, flag or positional argument of a CommandLine, which it does not outlive.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  Option required();
  // It takes so many values.
  Option expected(int values);
  Option needs(Option other);
  Option excludes(Option other);
  // The environment variable that speaks when the option is not given.
  Option environment(const std::string& name);

  // What help shows for the value, in place of its type.
  Option placeholder(const std::string& text);
  // Help shows what the value is now, which it stays unless the option is given.
  Option show_default();

  // `wrong` says what is wrong with a text, and nothing when it is good.
  Option check(std::function<std::string(const std::string&)> wrong);
  // The bounds have the type of the value, which messages name.
  Option between(int least, int most);
  Option between(unsigned least, unsigned most);
  Option one_of(const std::vector<std::string>& words);

  bool given() const;

 private:
  CLI::Option* option_;
};

// What a verb understands behind it. Values are read into variables of the verb, which outlive the
// line; a name without dashes is that of a positional argument.
class CommandLine {
 public:
  CommandLine(const std::string& about, const std::string& name);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Option add_option(const std::string& names, std::string& value, const std::string& about = {});
  Option add_option(const std::string& names, int& value, const std::string& about);
  Option add_option(const std::string& names, unsigned& value, const std::string& about);
  Option add_option(const std::string& names, std::optional<unsigned>& value,
                    const std::string& about);
  Option add_option(const std::string& names, std::optional<std::string>& value,
                    const std::string& about);
  // All values that follow.
  Option add_option(const std::string& names, std::vector<std::string>& values,
                    const std::string& about);
  // May be given several times, one value each.
  Option add_repeated(const std::string& names, std::vector<std::string>& values,
                      const std::string& about);
  Option add_flag(const std::string& names, bool& value, const std::string& about);

  // A verb below this one, to which it belongs. Options of this one may come behind it too.
  CommandLine& add_verb(const std::string& name, const std::string& about);
  void require_verb();

  // `wrong` says what is wrong with the options of this verb together, and nothing when all fit.
  void check(std::function<std::string()> wrong);
  // `act` is called when this verb was chosen and none below it, and all is good.
  void on_chosen(std::function<void()> act);

  // Reads the arguments of the verb. An exit status when there is nothing left to do: help was
  // asked for and printed, or the command line is wrong, which was said on standard error.
  std::optional<int> parse(std::span<char*> arguments);

 private:
  void finish() const;
  std::string unknown_verb() const;
  std::string file_without_option() const;

  std::shared_ptr<CLI::App> app_;  // that of the verb above has a share
  std::list<CommandLine> verbs_;
  std::function<std::string()> wrong_ = [] { return std::string(); };
  std::function<void()> act_ = [] {};
};

// Adds `-c`, which is returned, and `--set`, which fill `input`; it outlives `line`.
Option add_config_options(CommandLine& line, config::ConfigInput& input);
// Adds `--set` alone, for those whose files are no layers of one configuration.
void add_set_option(CommandLine& line, config::ConfigInput& input, const char* about);
// Adds `--env`, for those who only look at a configuration.
void add_env_option(CommandLine& line, config::ConfigInput& input);

}  // namespace weir::app
