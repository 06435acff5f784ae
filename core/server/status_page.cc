#include "core/server/status_page.h"

#include <algorithm>
#include <map>

#include <unistd.h>

#include "core/server/page_text.h"

namespace weir::server {
namespace {

Json problem_rows(const Reloads::Outcome& outcome) {
  Json rows = Json::array();
  for (const Problem& problem : outcome.problems) {
    Json row = Json::parse(problem.json, nullptr, false);
    if (!row.is_object()) {
      row = {{"severity", outcome.good ? "warning" : "error"}, {"message", problem.text}};
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// As `weir check --json` has them.
void put_problems(Json& json, const Reloads::Outcome& outcome) {
  Json rows = problem_rows(outcome);
  const auto count = [&rows](const char* severity) {
    return static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(), [&](const Json& row) { return row["severity"] == severity; }));
  };
  json["errors"] = count("error") + outcome.more.errors;
  json["warnings"] = count("warning") + outcome.more.warnings;
  json["dropped"] = outcome.more.dropped;
  json["problems"] = std::move(rows);
}

Json reload_json(const Reloads& reloads) {
  const auto& last = reloads.last();
  if (!last) return nullptr;
  Json json = {{"good", last->good}, {"time", time_text(last->time_us)}};
  put_problems(json, *last);
  return json;
}

Json flags_json(const Status& status) {
  Json flags = Json::object();
  const auto& names = status.snapshot.flag_names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    flags[names[i]] = ((status.flags >> i) & 1) != 0;
  }
  return flags;
}

Json worker_rows(const Status& status) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < status.workers.size(); ++i) {
    rows.push_back({{"worker", i},
                    {"loop_delay_ms", status.workers[i].loop_delay_ms},
                    {"block_bytes", status.workers[i].block_bytes}});
  }
  return rows;
}

Json listener_rows(const Status& status) {
  Json rows = Json::array();
  for (const Publisher::Listening& each : status.listeners) {
    rows.push_back({{"listener", each.name},
                    {"address", each.address.to_string()},
                    {"connections", each.cap.open()},
                    {"limit", each.cap.limit()}});
  }
  return rows;
}

Json state_file_json(const Status& status) {
  if (status.snapshot.state_file.empty()) return nullptr;
  Json json = {{"path", status.snapshot.state_file}, {"error", nullptr}};
  if (!status.state_trouble.empty()) json["error"] = status.state_trouble;
  return json;
}

Json status_json(const Status& status) {
  const auto unconfirmed = status.reloads.unconfirmed();
  return {{"state", status.draining ? "draining" : "ready"},
          {"version", status.version},
          {"pid", getpid()},
          {"uptime_s", static_cast<double>(status.uptime_ms) / 1'000},
          {"snapshot", status.snapshot.number},
          {"unconfirmed_s",
           unconfirmed ? Json(static_cast<double>(unconfirmed->count()) / 1'000) : Json()},
          {"last_reload", reload_json(status.reloads)},
          {"workers", worker_rows(status)},
          {"listeners", listener_rows(status)},
          {"clusters", status.clusters},
          {"endpoints", status.endpoints},
          {"endpoints_up", status.eligible},
          {"flags", flags_json(status)},
          {"overrides", status.overrides},
          {"state_file", state_file_json(status)},
          {"log", {{"errors", status.log_errors}, {"lines_dropped", status.log_lines_dropped}}},
          {"files", status.snapshot.files}};
}

std::string reload_text(const Reloads& reloads) {
  const auto& last = reloads.last();
  if (!last) return {};
  const char* const came_to = last->good ? "good" : last->taken_back ? "taken back" : "FAILED";
  std::string text =
      "last reload  " + std::string(came_to) + " at " + time_text(last->time_us) + "\n";
  for (const Problem& problem : last->problems) text += "  " + problem.text + "\n";
  return text;
}

std::string kept_in(const Status& status) {
  const std::string& file = status.snapshot.state_file;
  if (file.empty() || status.state_trouble.empty()) return file.empty() ? "" : ", kept in " + file;
  return ", NOT kept in " + file + ": " + status.state_trouble;
}

std::string status_text(const Status& status) {
  std::string text = std::string("state        ") + (status.draining ? "draining" : "ready") + "\n";
  text += "version      " + status.version + ", pid " + std::to_string(getpid()) + ", up " +
          span_text(status.uptime_ms) + "\n";
  text += "snapshot     " + std::to_string(status.snapshot.number);
  if (const auto left = status.reloads.unconfirmed()) {
    text += ", goes back unless confirmed within " + span_text(left->count());
  }
  text += "\n" + reload_text(status.reloads);
  text += "clusters     " + std::to_string(status.clusters) + ", " +
          std::to_string(status.eligible) + " of " + std::to_string(status.endpoints) +
          " endpoints take requests\n";
  std::string flags;
  const Json all = flags_json(status);
  for (const auto& flag : all.items()) {
    flags += (flags.empty() ? "" : ", ") + flag.key() + (flag.value() ? " on" : " off");
  }
  text += "flags        " + (flags.empty() ? "none" : flags) + "\n";
  text += "overrides    " + std::to_string(status.overrides) + kept_in(status) + "\n";
  if (status.log_errors > 0) {
    text += "log          " + std::to_string(status.log_errors) + " errors, " +
            std::to_string(status.log_lines_dropped) + " lines lost\n";
  }
  return text + "\n" + to_columns(listener_rows(status)) + "\n" + to_columns(worker_rows(status));
}

// JSON's texts are YAML's.
std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Why no layer can say something of it; nothing when one can, since it is one of `endpoints:`.
std::string_view reason_against(const upstream::ClusterRegistry& clusters, const Override& entry) {
  for (const auto& cluster : clusters.list()) {
    if (cluster.state->name != entry.cluster) continue;
    const auto* members =
        std::get_if<upstream::StaticEndpoints>(&cluster.version->spec->membership);
    if (members == nullptr) {
      return "DNS found this endpoint, and no layer can name it: state_file keeps what is set";
    }
    const bool there = std::any_of(members->begin(), members->end(), [&entry](const auto& member) {
      return member.address.to_string() == entry.name;
    });
    if (there) return {};
  }
  return "the configuration has no such endpoint now";
}

std::int64_t ms_left(const Override& entry, std::uint64_t now_ms) {
  return entry.until_ms > now_ms ? static_cast<std::int64_t>(entry.until_ms - now_ms) : 0;
}

// A comment with what a layer has no key for; empty when there is nothing.
std::string note_of(const Override& entry, std::uint64_t now_ms) {
  std::string text;
  if (entry.until_ms != 0) {
    text += ": ends in " + span_text(ms_left(entry, now_ms)) + ", and would stay with this layer";
  }
  if (!entry.why.empty()) text += ": why: " + quoted(entry.why);
  return text.empty() ? text : "# " + quoted(entry.key()) + ", " + entry.setting() + text + "\n";
}

}  // namespace

std::string status_page(const Status& status, PageFormat format) {
  return format == PageFormat::AsJson ? to_page(status_json(status)) : status_text(status);
}

std::string reload_page(const Reloads::Outcome& outcome, std::uint64_t snapshot,
                        PageFormat format) {
  const auto& within = outcome.confirm_within;
  if (format == PageFormat::AsJson) {
    Json json = {{"reloaded", outcome.good},
                 {"snapshot", snapshot},
                 {"confirm_within_ms", within ? Json(within->count()) : Json()}};
    put_problems(json, outcome);
    return to_page(json);
  }
  std::string text;
  for (const Problem& problem : outcome.problems) text += problem.text + "\n";
  text += outcome.good ? "reloaded: snapshot " : "not reloaded: snapshot ";
  text += std::to_string(snapshot) + (outcome.good ? "\n" : " stays\n");
  if (within) text += "it goes back unless weir ctl confirm comes in time\n";
  return text;
}

std::string overrides_page(std::span<const Override* const> overrides,
                           const OverrideEffects& effects, std::uint64_t now_ms,
                           PageFormat format) {
  const bool some_without =
      std::any_of(overrides.begin(), overrides.end(),
                  [&](const Override* one) { return !effects.reason_against(*one).empty(); });
  Json rows = Json::array();
  for (const Override* entry : overrides) {
    const bool ends = entry->until_ms != 0;
    const std::int64_t left = ms_left(*entry, now_ms);
    Json row = {{"what", entry->what()},
                {"name", entry->key()},
                {"set", entry->setting()},
                {"since", time_text(entry->set_us)}};
    const std::string_view no_effect = effects.reason_against(*entry);
    if (format == PageFormat::AsJson) {
      row["left_s"] = ends ? Json(static_cast<double>(left) / 1'000) : Json();
      row["no_effect"] = no_effect.empty() ? Json() : Json(no_effect);
      row["why"] = entry->why;
    } else {
      row["left"] = ends ? span_text(left) : "";
      row["why"] = entry->why;
      if (some_without) row["no_effect"] = no_effect;
    }
    rows.push_back(std::move(row));
  }
  return format == PageFormat::AsJson ? to_page(rows) : to_columns(rows);
}

std::string overrides_yaml(std::span<const Override* const> overrides,
                           const upstream::ClusterRegistry& clusters, std::uint64_t now_ms) {
  std::string flags;
  std::string levels;
  std::string notes;
  std::map<std::string, std::map<std::string, std::string>> members;  // keys by cluster and address
  for (const Override* entry : overrides) {
    notes += note_of(*entry, now_ms);
    if (entry->kind == Override::Kind::Log) {
      levels += "    " + quoted(entry->name) + ": " + entry->setting() + "\n";
    } else if (entry->kind == Override::Kind::Flag) {
      flags += "  " + quoted(entry->name) + ": " + entry->setting() + "\n";
    } else if (const auto reason = reason_against(clusters, *entry); !reason.empty()) {
      notes +=
          "# " + quoted(entry->key()) + ", " + entry->setting() + ": " + std::string(reason) + "\n";
    } else {
      members[entry->cluster][entry->name] += entry->kind == Override::Kind::Mode
                                                  ? ", mode: " + entry->setting()
                                                  : ", weight: " + std::to_string(entry->weight);
    }
  }
  std::string text = notes;
  if (!flags.empty()) text += "flags:\n" + flags;
  if (!levels.empty()) text += "log:\n  levels:\n" + levels;
  if (!members.empty()) text += "clusters:\n";
  for (const auto& [cluster, endpoints] : members) {
    text += "  " + quoted(cluster) + ":\n    endpoints:\n";
    for (const auto& [address, keys] : endpoints) {
      text += "      - { address: " + quoted(address) + keys + " }\n";
    }
  }
  return flags.empty() && levels.empty() && members.empty() ? text + "{}\n" : text;
}

std::string events_page(const std::deque<Event>& events, std::int64_t since_us, PageFormat format) {
  Json rows = Json::array();
  for (const Event& event : events) {
    if (event.time_us < since_us) continue;
    rows.push_back({{"time", time_text(event.time_us)},
                    {"level", to_string(event.level)},
                    {"part", event.part},
                    {"event", event.text}});
    if (format == PageFormat::AsJson) rows.back()["number"] = event.number;
  }
  return format == PageFormat::AsJson ? to_page(rows) : to_columns(rows);
}

}  // namespace weir::server
