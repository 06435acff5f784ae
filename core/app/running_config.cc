#include "core/app/running_config.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/app/command_line.h"
#include "core/app/control_client.h"

namespace weir::app {
namespace {

constexpr std::string_view kRunning = "running";

Result<std::string> text_of(const std::string& socket, const std::string& page) {
  WEIR_TRY(reply, ask_control(socket, {.target = page}));
  if (reply.status == 200) return std::move(reply.body);
  return Error{ErrorOrigin::System, "the Weir at " + socket + " does not tell: " + reply.body, 0};
}

// Those of its process, which may not be those of ours.
Result<config::Variables> variables_of(const std::string& socket) {
  WEIR_TRY(page, text_of(socket, "/variables"));
  const auto json = nlohmann::json::parse(page, nullptr, false);
  if (!json.is_object()) {
    return Error{ErrorOrigin::System, "the Weir at " + socket + " does not tell its variables", 0};
  }
  config::Variables variables;
  for (const auto& each : json.items()) {
    std::optional<std::string>& value = variables[each.key()];
    if (each.value().is_string()) value = each.value().get<std::string>();
  }
  return variables;
}

// What operators have set on endpoints that are not of the configuration stands in comments.
void tell_comments(const std::string& layer) {
  std::istringstream lines(layer);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) std::cerr << "overrides: note: " << line.substr(2) << '\n';
  }
}

}  // namespace

void add_socket_option(CommandLine& line, std::string& socket) {
  socket = "/run/weir/control.sock";
  line.add_option("--socket", socket,
                  "The control socket; WEIR_SOCKET or /run/weir/control.sock unless given")
      .environment("WEIR_SOCKET")
      .placeholder("PATH");
}

bool is_running(const config::ConfigInput& input) {
  return std::find(input.paths.begin(), input.paths.end(), kRunning) != input.paths.end();
}

Result<void> take_running(config::ConfigInput& input, const std::string& socket,
                          RunningOverrides wanted) {
  if (!is_running(input)) return {};
  if (input.paths.size() > 1) {
    return config_error("`running` is a whole configuration, and no layer: name it alone");
  }
  WEIR_TRY(config, text_of(socket, "/config"));
  WEIR_TRY(overrides, text_of(socket, "/overrides?yaml"));
  WEIR_TRY(variables, variables_of(socket));
  input.paths.clear();
  input.texts.push_back({"running", std::move(config)});
  input.variables = std::move(variables);
  if (wanted == RunningOverrides::Layer) {
    tell_comments(overrides);
    if (!overrides.starts_with("{}")) input.texts.push_back({"overrides", std::move(overrides)});
  } else if (overrides != "{}\n") {
    std::cerr << "overrides: note: what is set over the configuration is not compared: weir ctl "
                 "overrides shows it\n";
  }
  return {};
}

void refuse_running(Option files) {
  files.check([](const std::string& path) {
    std::error_code error;
    if (path != kRunning || std::filesystem::exists(path, error)) return std::string();
    return std::string(
        "there is no file `running`; what a Weir runs is what `weir config show`, `weir config "
        "diff` and `weir explain` mean by it");
  });
}

}  // namespace weir::app
