#include <iostream>
#include <utility>

#include <unistd.h>

#include "config/build/explain.h"
#include "config/build/loading.h"
#include "core/app/command_line.h"
#include "core/app/exit_status.h"
#include "core/app/running_config.h"
#include "core/app/terminal.h"
#include "core/app/verbs.h"
#include "core/base/escape.h"
#include "filters/builtin.h"

namespace weir::app {

namespace {

// What runs tells no more of them than a hash.
void tell_changed_files(const config::Variables& running, const config::Variables& here) {
  for (const std::string& path : config::changed_files(running, here)) {
    std::cerr << "running: note: " << path
              << " is not as it was read: what is told of it is as a reload would have it\n";
  }
}

// All but the request itself.
void add_question_options(CommandLine& line, config::Question& question) {
  line.add_repeated("-H,--header", question.headers,
                    "A header field of the request, `name: value`; its host is that of the URL")
      .placeholder("FIELD ...");
  line.add_option("--from", question.from, "The address of who connects; 127.0.0.1 unless given")
      .placeholder("IP");
  line.add_option("--listener", question.listener, "By name, in place of the port of the URL")
      .placeholder("NAME");
  line.add_option("--sni", question.sni,
                  "The server name in the TLS handshake, '' for none; the host of an https URL "
                  "unless given")
      .placeholder("NAME");
  line.add_repeated("--alpn", question.alpn,
                    "A protocol that the handshake offers; h2 and http/1.1 unless given")
      .placeholder("NAME ...");
  line.add_repeated("--flag", question.flags, "A flag that is on").placeholder("NAME ...");
}

int wrong_question(const Error& error) {
  std::cerr << "weir explain: " << printable(error.message) << '\n';
  return kUsage;
}

}  // namespace

int explain_verb(std::span<char*> arguments) {
  config::ConfigInput input;
  std::string request;
  config::Question question;
  bool json = false;
  CommandLine line(
      "Tells what a configuration does with a request: listener, chain, filters, route, where it "
      "goes, and why routes before that one do not match. Filters are named and not run, but "
      "`ip_filter` tells whom it refuses, and `headers` changes what goes upstream. `-c running` "
      "asks of what a running Weir has; files "
      "that it has read otherwise than they are now are named.",
      "weir explain");
  line.add_option("request", request,
                  "Such as 'POST https://shop.example/cart'; GET without a method")
      .required()
      .placeholder("'[METHOD] URL'");
  add_config_options(line, input);
  add_env_option(line, input);
  std::string socket;
  add_socket_option(line, socket);
  add_question_options(line, question);
  line.add_flag("--json", json, "One JSON object, for tools");
  if (const auto done = line.parse(arguments)) return *done;
  if (const auto taken = take_running(input, socket); !taken) return report(taken);

  auto asked = config::Question::parse(request);
  if (!asked) return wrong_question(asked.error());
  question.method = std::move(asked->method);
  question.scheme = std::move(asked->scheme);
  question.authority = std::move(asked->authority);
  question.target = std::move(asked->target);

  StateRegistry states;
  config::Loading loading(states);
  loading.load_files(input, filters::builtin_filters());
  if (loading.snapshot == nullptr) {
    std::cerr << to_text(loading.diagnostics, loading.sources, style_for(STDERR_FILENO));
    return exit_status_of(loading.verdict(false));
  }
  tell_changed_files(input.variables, loading.variables);
  const auto explanation = config::explain(*loading.snapshot, question);
  if (!explanation) return wrong_question(explanation.error());
  std::cout << (json ? config::to_json(*explanation)
                     : printable(to_text(*explanation, question.text())))
            << std::flush;
  return kGood;
}

}  // namespace weir::app
