#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

#include "config/values.h"
#include "core/app/command_line.h"
#include "core/app/control_client.h"
#include "core/app/exit_status.h"
#include "core/app/running_config.h"
#include "core/app/verbs.h"
#include "core/base/escape.h"
#include "core/net/address.h"

namespace weir::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kReloadPatience{std::chrono::minutes(10)};
constexpr std::chrono::milliseconds kBetweenLooks{200};
constexpr std::chrono::milliseconds kLongest{std::chrono::hours(365 * 24)};

std::string not_a_duration(const std::string& text) {
  const auto parsed = config::parse_duration(text);
  if (parsed && *parsed > kLongest) return "'" + text + "' is more than 365d";
  if (parsed && parsed->count() > 0) return {};
  return "'" + text + "' " + (parsed ? "is no time at all" : parsed.error().message);
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    char escaped[4];
    std::snprintf(escaped, sizeof escaped, "%%%02x", static_cast<unsigned char>(c));
    encoded += escaped;
  }
  return encoded;
}

std::int64_t milliseconds(const std::string& text) {
  return config::parse_duration(text)->count();
}

// The verbs and what they ask. Lives as long as the command line that it describes.
class ControlLine {
 public:
  ControlLine()
      : line_("Speaks with a running Weir, by its control socket (admin: { socket: … }).",
              "weir ctl") {
    line_.require_verb();
    add_socket_option(line_, socket_);
    line_.add_flag("--json", json_, "JSON on standard output, for tools");
    add_pages();
    add_reloads();
    add_flag();
    add_log();
    add_endpoint();
    add_overrides();
  }

  int run(std::span<char*> arguments) {
    if (const auto done = line_.parse(arguments)) return *done;
    return finish();
  }

 private:
  // A verb that shows a page.
  void page(const char* name, const char* target, const char* about) {
    line_.add_verb(name, about).on_chosen([this, target] { question_.target = target; });
  }

  // A verb that changes something.
  void change(CommandLine& verb, const char* target) {
    verb.on_chosen([this, target] {
      question_.change = true;
      question_.target = target;
      add_terms();
    });
  }

  void add_terms() {
    if (!lasts_.empty()) body_["for_ms"] = milliseconds(lasts_);
    if (!why_.empty()) body_["why"] = why_;
  }

  static Option add_duration(CommandLine& verb, const char* name, std::string& value,
                             const char* about) {
    return verb.add_option(name, value, about).check(not_a_duration).placeholder("TIME");
  }

  void add_term_options(CommandLine& verb) {
    add_duration(verb, "--for", lasts_, "It ends after that time, such as 30m");
    verb.add_option("--why", why_, "For those who will ask").placeholder("TEXT");
  }

  void add_pages() {
    page("status", "/status", "what it runs, since when, and how it is");
    page("clusters", "/clusters", "clusters and their endpoints");
    CommandLine& connections = line_.add_verb("connections", "open connections");
    connections.add_option("--limit", limit_, "At most so many")
        .between(1, 100'000)
        .placeholder("N");
    connections.on_chosen(
        [this] { question_.target = "/connections?limit=" + std::to_string(limit_); });
    CommandLine& why =
        line_.add_verb("why", "what is remembered of requests that failed, or of one of them");
    why.add_option("id", id_, "As %request_id%, the log and x-request-id have it")
        .placeholder("ID");
    why.on_chosen([this] { question_.target = "/why?id=" + percent_encoded(id_); });
    CommandLine& stats = line_.add_verb("stats", "metrics and what they are now");
    stats.add_option("prefix", prefix_, "Those whose names begin with it, with weir_ or without")
        .check([](const std::string& text) {
          const bool plain =
              text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == text.npos;
          return plain ? std::string() : "names have small letters, digits and _";
        })
        .placeholder("PREFIX");
    stats.on_chosen([this] { question_.target = "/stats?prefix=" + prefix_; });
    CommandLine& events =
        line_.add_verb("events", "what happened; an overload has ended when ten seconds were calm");
    add_duration(events, "--since", since_, "Of the last time, such as 10m");
    events.on_chosen([this] {
      question_.target = "/events";
      if (since_.empty()) return;
      question_.target += "?seconds=" + std::to_string((milliseconds(since_) + 999) / 1'000);
    });
  }

  void add_reloads() {
    CommandLine& reload =
        line_.add_verb("reload", "read the configuration again, and say what came of it");
    add_duration(reload, "--confirm", confirm_,
                 "Go back unless `weir ctl confirm` comes within that time");
    reload.on_chosen([this] {
      question_.change = true;
      question_.target = "/reload";
      question_.patience = kReloadPatience;
      if (!confirm_.empty()) body_["confirm_ms"] = milliseconds(confirm_);
    });
    change(line_.add_verb("confirm", "keep what was reloaded with --confirm"), "/confirm");
    change(line_.add_verb("rollback", "do not keep it, and go back at once"), "/rollback");
    change(line_.add_verb("drain", "accept nothing more, let streams finish, and end"), "/drain");
  }

  void add_flag() {
    CommandLine& flag = line_.add_verb("flag", "switch a flag of `match` on or off");
    flag.add_option("name", name_).required().placeholder("NAME");
    flag.add_option("on|off", word_).required().one_of({"on", "off"}).placeholder(" ");
    add_term_options(flag);
    flag.on_chosen([this] {
      question_.change = true;
      question_.target = "/flag";
      body_["flag"] = name_;
      body_["on"] = word_ == "on";
      add_terms();
    });
  }

  void add_log() {
    CommandLine& log =
        line_.add_verb("log", "how much the operational log says, or `reset` to the configuration");
    log.add_option("level", word_)
        .required()
        .one_of({"trace", "debug", "info", "warning", "error", "off", "reset"})
        .placeholder("LEVEL");
    const Option part =
        log.add_option("--part", name_, "Of one part, such as upstream").placeholder("PART");
    add_term_options(log);
    log.check([this] {
      const bool good = word_ != "reset" || (lasts_.empty() && why_.empty());
      return good ? "" : "reset: ends what was set, and takes no --for and no --why";
    });
    log.on_chosen([this, part] {
      if (word_ == "reset") return clear("log", part);
      question_.change = true;
      question_.target = "/log";
      body_["level"] = word_;
      if (!name_.empty()) body_["part"] = name_;
      add_terms();
    });
  }

  void add_endpoint() {
    CommandLine& endpoint =
        line_.add_verb("endpoint", "take an endpoint out, bring it back, or weigh it");
    endpoint.add_option("endpoint", name_, "Such as api/10.0.0.2:9000")
        .required()
        .placeholder("CLUSTER/ADDRESS");
    endpoint.add_option("what", word_, "drain, down, up, or weight with a number")
        .required()
        .one_of({"drain", "down", "up", "weight"})
        .placeholder("WHAT");
    const Option weight =
        endpoint.add_option("number", weight_, "The weight").between(1, 65'535).placeholder("N");
    add_term_options(endpoint);
    add_duration(endpoint, "--wait", wait_,
                 "Wait until it has no requests under way, for at most that time");
    endpoint.check([this, weight]() -> std::string {
      if (!wait_.empty() && word_ != "drain" && word_ != "down") {
        return "--wait: is for drain and down";
      }
      if ((word_ == "weight") != weight.given()) {
        return "weight: is followed by a number, and nothing else is";
      }
      return {};
    });
    endpoint.on_chosen([this] {
      question_.change = true;
      question_.target = "/endpoint";
      body_["endpoint"] = name_;
      if (word_ == "weight") {
        body_["weight"] = weight_;
      } else {
        body_["mode"] = word_;
      }
      add_terms();
    });
  }

  void add_overrides() {
    CommandLine& overrides = line_.add_verb("overrides", "what is set over the configuration");
    overrides.add_flag("--yaml", yaml_, "As a layer of a configuration");
    overrides.on_chosen([this] { question_.target = yaml_ ? "/overrides?yaml" : "/overrides"; });
    CommandLine& clear = overrides.add_verb("clear", "end one of them, or all");
    const Option what =
        clear.add_option("what", word_, "flag, endpoint or log; log alone: all parts")
            .one_of({"flag", "endpoint", "log"})
            .placeholder("WHAT");
    const Option name = clear.add_option("name", name_, "As `weir ctl overrides` names it")
                            .needs(what)
                            .placeholder("NAME");
    clear.check([this, what, name] {
      const bool good = what.given() == name.given() || word_ == "log";
      return good ? "" : word_ + ": is followed by a name, as in: clear flag maintenance";
    });
    clear.on_chosen([this, name] { this->clear(word_, name); });
  }

  // All that is set, or `what` of it, or one by name.
  void clear(const std::string& what, Option name) {
    question_.change = true;
    question_.target = "/overrides/clear";
    if (!what.empty()) body_["what"] = what;
    if (name.given()) body_["name"] = name_;
  }

  int finish() {
    if (question_.change)
      question_.body = body_.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (json_) {
      question_.target += question_.target.find('?') == std::string::npos ? "?json" : "&json";
    }
    const auto reply = ask_control(socket_, question_);
    if (!reply) return fail(reply.error());
    const bool good = reply->status == 200;
    if (good || json_) {
      std::cout << reply->body << std::flush;
    } else {
      std::cerr << printable(reply->body);
    }
    if (!good) return reply->status == 500 ? kEnvironment : kInputAtFault;
    return wait_.empty() ? kGood : wait_until_idle();
  }

  static int fail(const Error& error) {
    std::cerr << "weir ctl: " << printable(error.message) << '\n';
    return error.origin == ErrorOrigin::System ? kEnvironment : kInputAtFault;
  }

  int wait_until_idle() const {
    bool seen = false;
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds(wait_));
    for (;;) {
      const auto reply = ask_control(socket_, {.target = "/clusters?json"});
      if (!reply) return fail(reply.error());
      const std::optional<std::int64_t> requests = requests_at(reply->body);
      if (!requests && !seen) {
        std::cerr << "weir ctl: cannot see how many requests " << printable(name_) << " has\n";
        return kInputAtFault;
      }
      seen = true;
      if (!requests || *requests == 0) return kGood;
      if (std::chrono::steady_clock::now() >= end) {
        std::cerr << "weir ctl: " << printable(name_) << " still has " << *requests
                  << " requests\n";
        return kInputAtFault;
      }
      std::this_thread::sleep_for(kBetweenLooks);
    }
  }

  // How many the endpoint has under way; nothing when it is gone.
  std::optional<std::int64_t> requests_at(const std::string& page) const {
    const Json clusters = Json::parse(page, nullptr, false);
    if (!clusters.is_array()) return std::nullopt;
    for (const Json& cluster : clusters) {
      for (const Json& endpoint : cluster["endpoints"]) {
        const auto& name = cluster["cluster"].get_ref<const std::string&>();
        if (!name_.starts_with(name + "/")) continue;
        const auto address = net::Address::parse(name_.substr(name.size() + 1));
        if (address && address->to_string() == endpoint["endpoint"].get<std::string>()) {
          return endpoint["requests"].get<std::int64_t>();
        }
      }
    }
    return std::nullopt;
  }

  CommandLine line_;
  ControlQuestion question_;
  Json body_ = Json::object();
  std::string socket_;
  std::string id_;
  std::string prefix_;
  std::string since_;
  std::string confirm_;
  std::string name_;
  std::string word_;
  std::string lasts_;
  std::string why_;
  std::string wait_;
  int limit_ = 1'000;
  int weight_ = 1;
  bool json_ = false;
  bool yaml_ = false;
};

}  // namespace

int ctl_verb(std::span<char*> arguments) {
  return ControlLine().run(arguments);
}

}  // namespace weir::app
