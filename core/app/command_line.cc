#include "core/app/command_line.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

#include "config/set_layer.h"
#include "core/app/exit_status.h"
#include "core/base/escape.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::app {

Option Option::required() {
  option_->required();
  return *this;
}

Option Option::expected(int values) {
  option_->expected(values);
  return *this;
}

Option Option::needs(Option other) {
  option_->needs(other.option_);
  return *this;
}

Option Option::excludes(Option other) {
  option_->excludes(other.option_);
  return *this;
}

Option Option::environment(const std::string& name) {
  option_->envname(name);
  return *this;
}

Option Option::placeholder(const std::string& text) {
  option_->option_text(text);
  return *this;
}

Option Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Option Option::check(std::function<std::string(const std::string&)> wrong) {
  option_->check(std::move(wrong));
  return *this;
}

Option Option::between(int least, int most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option Option::between(unsigned least, unsigned most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option Option::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

bool Option::given() const {
  return option_->count() > 0;
}

CommandLine::CommandLine(const std::string& about, const std::string& name)
    : app_(std::make_shared<CLI::App>(about, name)) {
  app_->callback([this] { finish(); });
}

Option CommandLine::add_option(const std::string& names, std::string& value,
                               const std::string& about) {
  return Option(*app_->add_option(names, value, about));
}

Option CommandLine::add_option(const std::string& names, int& value, const std::string& about) {
  return Option(*app_->add_option(names, value, about));
}

Option CommandLine::add_option(const std::string& names, unsigned& value,
                               const std::string& about) {
  return Option(*app_->add_option(names, value, about));
}

Option CommandLine::add_option(const std::string& names, std::optional<unsigned>& value,
                               const std::string& about) {
  return Option(*app_->add_option(names, value, about));
}

Option CommandLine::add_option(const std::string& names, std::optional<std::string>& value,
                               const std::string& about) {
  return Option(*app_->add_option(names, value, about));
}

Option CommandLine::add_option(const std::string& names, std::vector<std::string>& values,
                               const std::string& about) {
  return Option(*app_->add_option(names, values, about));
}

Option CommandLine::add_repeated(const std::string& names, std::vector<std::string>& values,
                                 const std::string& about) {
  return Option(*app_->add_option(names, values, about)
                     ->expected(1)
                     ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                     ->allow_extra_args(false));
}

Option CommandLine::add_flag(const std::string& names, bool& value, const std::string& about) {
  return Option(*app_->add_flag(names, value, about));
}

CommandLine& CommandLine::add_verb(const std::string& name, const std::string& about) {
  CommandLine& verb = verbs_.emplace_back(about, name);
  app_->add_subcommand(verb.app_)->fallthrough();
  return verb;
}

void CommandLine::require_verb() {
  app_->require_subcommand(1);
}

void CommandLine::check(std::function<std::string()> wrong) {
  wrong_ = std::move(wrong);
}

void CommandLine::on_chosen(std::function<void()> act) {
  act_ = std::move(act);
}

// The library reports by exceptions; they end in parse().
void CommandLine::finish() const {
  if (const std::string wrong = wrong_(); !wrong.empty()) throw CLI::ValidationError(wrong);
  if (app_->get_subcommands().empty()) act_();
}

// What stands where a verb must, without being one.
std::string CommandLine::unknown_verb() const {
  if (verbs_.empty() || !app_->get_subcommands().empty()) return {};
  for (const std::string& word : app_->remaining()) {
    if (!word.starts_with('-')) return word;
  }
  return {};
}

// A file that stands alone where `-c` must name it.
std::string CommandLine::file_without_option() const {
  const CLI::Option* const named = app_->get_option_no_throw("-c");
  if (named == nullptr) return {};
  std::vector<std::string> words = app_->remaining();
  if (named->count() == 0) {
    for (const CLI::Option* option : std::as_const(*app_).get_options()) {
      if (!option->get_positional()) continue;
      words.insert(words.end(), option->results().begin(), option->results().end());
    }
  }
  std::error_code error;
  const auto is_file = [&error](const std::string& word) {
    return std::filesystem::exists(word, error);
  };
  const auto found = std::find_if(words.begin(), words.end(), is_file);
  return found == words.end() ? std::string() : *found;
}

std::optional<int> CommandLine::parse(std::span<char*> arguments) {
  try {
    app_->parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::ParseError& error) {
    if (const std::string word = unknown_verb(); !word.empty()) {
      std::vector<std::string> known;
      for (const CommandLine& verb : verbs_) known.push_back(verb.app_->get_name());
      std::cerr << app_->get_name() << ": there is no verb " << printable(quote(word))
                << did_you_mean(word, known) << "; --help lists them\n";
      return kUsage;
    }
    if (const std::string file = file_without_option();
        !file.empty() && error.get_exit_code() != 0) {
      std::cerr << app_->get_name() << ": a configuration is named with -c: write -c "
                << printable(file) << '\n';
      return kUsage;
    }
    std::ostringstream said;
    const bool good = app_->exit(error, std::cout, said) == 0;
    std::cerr << printable(said.str());
    if (!good && !app_->remaining().empty() && error.get_name() == "RequiredError") {
      std::cerr << printable(quote(app_->remaining().front())) << " was not expected.\n";
    }
    return good ? kGood : kUsage;
  }
  return std::nullopt;
}

Option add_config_options(CommandLine& line, config::ConfigInput& input) {
  Option files = line.add_repeated(
      "-c,--config", input.paths,
      "The configuration: a file, or a directory of *.yaml; each is a layer above those before");
  files.required().placeholder("FILE|DIR ...");
  add_set_option(line, input,
                 "One value above all files, such as listeners.web.address=0.0.0.0:80");
  return files;
}

void add_set_option(CommandLine& line, config::ConfigInput& input, const char* about) {
  line.add_repeated("--set", input.sets, about)
      .check([](const std::string& text) {
        const auto assignment = config::parse_assignment(text);
        return assignment ? std::string() : assignment.error().message;
      })
      .placeholder("PATH=VALUE ...");
}

void add_env_option(CommandLine& line, config::ConfigInput& input) {
  line.add_option("--env", input.env, "Variables for ${NAME}, one NAME=VALUE a line")
      .placeholder("FILE");
}

}  // namespace weir::app
