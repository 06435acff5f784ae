#include "core/server/operations.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/base/escape.h"
#include "core/base/suggest.h"
#include "core/server/page_text.h"

namespace weir::server {
namespace {

constexpr std::int64_t kMostMs = std::int64_t{365} * 86'400 * 1'000;

// The fields of a request, each at most once; what is left over is not known.
class Fields {
 public:
  static Result<Fields> read(const AdminRequest& request) {
    Json json = Json::parse(request.body.empty() ? "{}" : request.body, nullptr, false);
    if (!json.is_object()) return config_error("the body must be a JSON object");
    return Fields(std::move(json));
  }

  Result<std::optional<std::string>> text(const char* name) {
    const auto value = take(name);
    if (!value) return std::optional<std::string>();
    if (!value->is_string()) return config_error(std::string(name) + " must be a text");
    return std::optional(value->get<std::string>());
  }
  Result<std::optional<bool>> boolean(const char* name) {
    const auto value = take(name);
    if (!value) return std::optional<bool>();
    if (!value->is_boolean()) return config_error(std::string(name) + " must be true or false");
    return std::optional(value->get<bool>());
  }
  Result<std::optional<std::int64_t>> number(const char* name, std::int64_t most) {
    const auto value = take(name);
    if (!value) return std::optional<std::int64_t>();
    const auto fits = [most](std::int64_t number) { return number >= 1 && number <= most; };
    if (!value->is_number_integer() || !fits(value->get<std::int64_t>())) {
      return config_error(std::string(name) + " must be a number from 1 to " +
                          std::to_string(most));
    }
    return std::optional(value->get<std::int64_t>());
  }
  Result<Overrides::Terms> terms() {
    Overrides::Terms terms;
    WEIR_TRY(lasts, number("for_ms", kMostMs));
    if (lasts) terms.lasts = std::chrono::milliseconds(*lasts);
    WEIR_TRY(why, text("why"));
    terms.why = why.value_or("");
    return terms;
  }
  Result<void> end() const {
    if (json_.empty()) return {};
    return config_error("there is no field " + json_.begin().key());
  }

 private:
  explicit Fields(Json json) : json_(std::move(json)) {}

  std::optional<Json> take(const char* name) {
    const auto found = json_.find(name);
    if (found == json_.end()) return std::nullopt;
    std::optional<Json> value = std::move(*found);
    json_.erase(found);
    return value;
  }

  Json json_;
};

Result<std::string> named_flag(Fields& fields, const Publisher& publisher,
                               const Overrides& overrides) {
  WEIR_TRY(name, fields.text("flag"));
  if (!name) return config_error("flag is missing");
  const auto& known = publisher.current()->flag_names;
  if (std::find(known.begin(), known.end(), *name) != known.end()) return *std::move(name);
  return config_error("no route asks for the flag '" + *name + "'" +
                      (overrides.flag(*name)
                           ? " now; to end what was set: weir ctl overrides clear flag " + *name
                           : did_you_mean(*name, known)));
}

struct NamedEndpoint {
  std::string cluster;
  std::string address;
};

Result<NamedEndpoint> endpoint_of(const upstream::ClusterRegistry::Listed& cluster,
                                  std::string_view text) {
  const std::string& name = cluster.state->name;
  const auto address = net::Address::parse(text);
  const std::string wanted = address ? address->to_string() : std::string(text);
  std::vector<std::string_view> known;
  for (const auto& group : cluster.version->endpoints.groups) {
    for (const auto& member : group.members) {
      if (member.state->text == wanted) return NamedEndpoint{name, wanted};
      known.push_back(member.state->text);
    }
  }
  const std::string meant = did_you_mean(wanted, known);
  std::string all;
  for (std::size_t i = 0; i < std::min<std::size_t>(known.size(), 8); ++i) {
    all.append(i == 0 ? ": it has " : ", ").append(known[i]);
  }
  if (known.size() > 8) all += ", …";
  return config_error("cluster " + name + " has no endpoint " + wanted +
                      (meant.empty() ? all : meant));
}

// Both names and addresses may have slashes.
Result<NamedEndpoint> named_endpoint(Fields& fields, const upstream::ClusterRegistry& clusters) {
  WEIR_TRY(named, fields.text("endpoint"));
  if (!named) return config_error("endpoint is missing");
  const std::string_view text = *named;
  const auto all = clusters.list();
  std::optional<Result<NamedEndpoint>> longest;
  for (const auto& cluster : all) {
    const std::string& name = cluster.state->name;
    if (text.size() <= name.size() || !text.starts_with(name) || text[name.size()] != '/') continue;
    longest = endpoint_of(cluster, text.substr(name.size() + 1));
    if (*longest) return *longest;
  }
  if (longest) return *longest;
  std::vector<std::string_view> known;
  for (const auto& cluster : all) known.push_back(cluster.state->name);
  // As far as a name with slashes may go; paths begin behind two.
  const std::string_view name = text.substr(0, std::min(text.rfind('/'), text.find("//")));
  if (std::find(known.begin(), known.end(), name) != known.end()) {
    return config_error("name an endpoint of it as " + std::string(name) + "/ADDRESS");
  }
  return config_error("'" + *named +
                      "' names no endpoint as CLUSTER/ADDRESS: there is no cluster '" +
                      std::string(name) + "'" + did_you_mean(name, known));
}

Result<upstream::EndpointOverride> endpoint_change(Fields& fields) {
  upstream::EndpointOverride change;
  WEIR_TRY(mode, fields.text("mode"));
  WEIR_TRY(weight, fields.number("weight", 65'535));
  if (mode.has_value() == weight.has_value()) {
    return config_error("one of mode and weight must be given");
  }
  if (weight) {
    change.weight = static_cast<std::uint32_t>(*weight);
    return change;
  }
  using upstream::EndpointMode;
  for (const EndpointMode each : {EndpointMode::Up, EndpointMode::Drain, EndpointMode::Down}) {
    if (*mode == to_string(each)) change.mode = each;
  }
  if (!change.mode) return config_error("mode must be up, drain or down");
  return change;
}

// The key of what is set for an endpoint, under whatever spelling of its address.
std::string known_as(const std::string& text, const Overrides& overrides) {
  for (const Override* entry : overrides.list()) {
    if (entry->cluster.empty() || !text.starts_with(entry->cluster + "/")) continue;
    const auto address = net::Address::parse(text.substr(entry->cluster.size() + 1));
    if (address && address->to_string() == entry->name) return entry->key();
  }
  return text;
}

}  // namespace

Result<std::string> set_flag(const AdminRequest& request, const Publisher& publisher,
                             Overrides& overrides) {
  WEIR_TRY(fields, Fields::read(request));
  WEIR_TRY(name, named_flag(fields, publisher, overrides));
  WEIR_TRY(on, fields.boolean("on"));
  WEIR_TRY(terms, fields.terms());
  WEIR_TRY_VOID(fields.end());
  if (!on) return config_error("on is missing");
  WEIR_TRY_VOID(overrides.set_flag(name, *on, std::move(terms)));
  return name + (*on ? " is on" : " is off");
}

Result<std::string> set_endpoint(const AdminRequest& request,
                                 const upstream::ClusterRegistry& clusters, Overrides& overrides) {
  WEIR_TRY(fields, Fields::read(request));
  WEIR_TRY(named, named_endpoint(fields, clusters));
  WEIR_TRY(change, endpoint_change(fields));
  WEIR_TRY(terms, fields.terms());
  WEIR_TRY_VOID(fields.end());
  if (change.mode) {
    WEIR_TRY_VOID(overrides.set_mode(named.cluster, named.address, *change.mode, std::move(terms)));
  } else {
    WEIR_TRY_VOID(
        overrides.set_weight(named.cluster, named.address, *change.weight, std::move(terms)));
  }
  const std::string what = change.mode ? std::string(to_string(*change.mode))
                                       : "weight " + std::to_string(*change.weight);
  return named.cluster + "/" + named.address + ": " + what;
}

Result<std::string> set_log(const AdminRequest& request, Overrides& overrides) {
  WEIR_TRY(fields, Fields::read(request));
  WEIR_TRY(wanted, fields.text("level"));
  WEIR_TRY(named, fields.text("part"));
  WEIR_TRY(terms, fields.terms());
  WEIR_TRY_VOID(fields.end());
  const auto level = log_level_of(wanted.value_or(""));
  if (!level) {
    return config_error("level must be trace, debug, info, warning, error or off");
  }
  std::vector<std::string_view> names(LogPart::kNames.begin(), LogPart::kNames.end());
  if (named) {
    if (!LogPart::find(*named)) {
      const std::string meant = did_you_mean(*named, names);
      return config_error("the log has no part '" + *named + "'" +
                          (meant.empty() ? ": it must be " + join_or(names) : meant));
    }
    names = {*named};
  }
  for (const std::string_view name : names) {
    WEIR_TRY_VOID(overrides.set_log_level(*LogPart::find(name), *level, terms));
  }
  return named.value_or("all parts") + " at " + *wanted;
}

Result<std::string> clear_overrides(const AdminRequest& request, Overrides& overrides) {
  WEIR_TRY(fields, Fields::read(request));
  WEIR_TRY(what, fields.text("what"));
  WEIR_TRY(name, fields.text("name"));
  WEIR_TRY_VOID(fields.end());
  if (what == "log" && !name) return std::to_string(overrides.clear_logs()) + " cleared";
  if (what.has_value() != name.has_value()) {
    return config_error("what and name go together: leave both out to clear all");
  }
  if (!what) return std::to_string(overrides.clear_all()) + " cleared";
  if (*what != "flag" && *what != "endpoint" && *what != "log") {
    return config_error("what must be flag, endpoint or log");
  }
  const std::size_t count =
      overrides.clear(*what, *what == "endpoint" ? known_as(*name, overrides) : *name);
  if (count == 0) return config_error("no " + *what + " '" + *name + "' is set");
  return std::to_string(count) + " cleared";
}

AdminAnswer message_answer(const Result<std::string>& said, PageFormat format) {
  const std::string& text = said ? *said : said.error().message;
  std::uint16_t status = 200;
  if (!said) status = said.error().origin == ErrorOrigin::System ? 500 : 400;
  if (format == PageFormat::AsText) return {status, printable_line(text) + "\n"};
  return {status, to_page(Json{{said ? "message" : "error", text}})};
}

Result<Reloads::Confirm> confirm_time(const AdminRequest& request) {
  WEIR_TRY(fields, Fields::read(request));
  WEIR_TRY(ms, fields.number("confirm_ms", kMostMs));
  WEIR_TRY_VOID(fields.end());
  return ms ? Reloads::Confirm(std::chrono::milliseconds(*ms)) : Reloads::Confirm();
}

}  // namespace weir::server
