#include "core/server/kept_overrides.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "core/base/log_part.h"
#include "core/server/page_text.h"
#include "core/server/state_file.h"

namespace weir::server {
namespace {

using Kind = Override::Kind;
using upstream::EndpointMode;

// More than anybody can set: a clock may have gone back since.
constexpr std::int64_t kMostUs = std::int64_t{3'650} * 86'400 * 1'000'000;

// By Kind.
constexpr std::string_view kKinds[] = {"flag", "mode", "weight", "log"};

std::string value_of(const Override& entry) {
  return entry.kind == Kind::Weight ? std::to_string(entry.weight) : entry.setting();
}

std::int64_t wall_time_of_end(const Override& entry, const Clocks& now) {
  const auto left = static_cast<std::int64_t>(entry.until_ms - now.loop_ms);
  return now.wall_us + left * 1'000;
}

Json to_json(const Override& entry, const Clocks& now) {
  Json json = {{"kind", kKinds[static_cast<std::size_t>(entry.kind)]}};
  if (!entry.cluster.empty()) json["cluster"] = entry.cluster;
  json["name"] = entry.name;
  json["value"] = value_of(entry);
  json["set_us"] = entry.set_us;
  if (entry.until_ms != 0) json["until_us"] = wall_time_of_end(entry, now);
  if (!entry.why.empty()) json["why"] = entry.why;
  return json;
}

std::optional<std::string> text_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<std::int64_t> time_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  if (found->is_number_unsigned() &&
      found->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return std::nullopt;
  }
  return found->get<std::int64_t>();
}

std::optional<Kind> kind_named(std::string_view name) {
  for (const Kind kind : {Kind::Flag, Kind::Mode, Kind::Weight, Kind::Log}) {
    if (name == kKinds[static_cast<std::size_t>(kind)]) return kind;
  }
  return std::nullopt;
}

bool set_weight(Override& entry, std::string_view value) {
  const char* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, entry.weight);
  return error == std::errc() && at == end && entry.weight >= 1 && entry.weight <= 65'535;
}

// Whether `value` is one of the entry's kind.
bool set_value(Override& entry, std::string_view value) {
  switch (entry.kind) {
    case Kind::Flag:
      entry.on = value == "on";
      return entry.on || value == "off";
    case Kind::Mode:
      for (const EndpointMode mode : {EndpointMode::Up, EndpointMode::Drain, EndpointMode::Down}) {
        entry.mode = mode;
        if (value == to_string(mode)) return true;
      }
      return false;
    case Kind::Weight:
      return set_weight(entry, value);
    case Kind::Log:
      entry.level = log_level_of(value).value_or(LogLevel::Info);
      return log_level_of(value).has_value();
  }
  return false;
}

// Reads one entry; what stays in `json` is not known.
Result<Override> read_entry(Json json, std::optional<std::int64_t>& until_us) {
  Override entry;
  const auto kind = kind_named(text_at(json, "kind").value_or(""));
  if (!kind) return config_error("its kind is none of flag, mode, weight and log");
  entry.kind = *kind;
  const bool of_endpoint = *kind == Kind::Mode || *kind == Kind::Weight;
  entry.cluster = text_at(json, "cluster").value_or("");
  if (of_endpoint == entry.cluster.empty()) return config_error("an endpoint has a cluster");
  entry.name = text_at(json, "name").value_or("");
  if (entry.name.empty()) return config_error("it has no name");
  if (*kind == Kind::Log && !LogPart::find(entry.name)) {
    return config_error("the log has no part '" + entry.name + "'");
  }
  const std::string value = text_at(json, "value").value_or("");
  if (!set_value(entry, value)) return config_error("'" + value + "' is no value of it");
  const auto set_us = time_at(json, "set_us");
  if (!set_us) return config_error("set_us is no number");
  entry.set_us = *set_us;
  until_us = time_at(json, "until_us");
  if (json.contains("until_us") && !until_us) return config_error("until_us is no number");
  if (json.contains("why") && !json["why"].is_string()) return config_error("why is no text");
  entry.why = text_at(json, "why").value_or("");
  for (const char* key : {"kind", "name", "value", "set_us", "until_us", "why"}) json.erase(key);
  if (of_endpoint) json.erase("cluster");
  if (!json.empty()) return config_error("there is no '" + json.begin().key() + "'");
  return entry;
}

}  // namespace

std::string to_text(std::span<const Override* const> overrides, const Clocks& now) {
  std::string text = "{\"overrides\": [";
  for (const Override* entry : overrides) {
    text += text.ends_with('[') ? "\n  " : ",\n  ";
    text += to_json(*entry, now).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return text + "\n]}\n";
}

Result<std::vector<Override>> parse_overrides(std::string_view text, const Clocks& now) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.size() != 1 || !json.contains("overrides") ||
      !json["overrides"].is_array()) {
    return config_error("it is no {\"overrides\": […]} in JSON");
  }
  std::vector<Override> all;
  std::size_t number = 0;
  for (const Json& each : json["overrides"]) {
    ++number;
    std::optional<std::int64_t> until_us;
    auto entry = read_entry(each, until_us);
    if (!entry) {
      return config_error("override " + std::to_string(number) + ": " + entry.error().message);
    }
    if (until_us) {
      if (*until_us <= now.wall_us) continue;
      if (*until_us - now.wall_us > kMostUs) {
        return config_error("override " + std::to_string(number) +
                            ": it ends in more than 10 years");
      }
      entry->until_ms = now.loop_ms + static_cast<std::uint64_t>(*until_us - now.wall_us) / 1'000;
      entry->until_ms = std::max(entry->until_ms, now.loop_ms + 1);
    }
    all.push_back(*std::move(entry));
  }
  return all;
}

Result<std::vector<Override>> read_overrides(const std::string& path, const Clocks& now) {
  WEIR_TRY(text, StateFile::read(path));
  if (!text) return std::vector<Override>();
  auto all = parse_overrides(*text, now);
  if (!all) {
    return config_error(path + ": " + all.error().message +
                        ": mend it, or remove it to start without what was set");
  }
  return all;
}

}  // namespace weir::server
