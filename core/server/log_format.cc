#include "core/server/log_format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/base/quote.h"
#include "core/base/suggest.h"
#include "core/server/log_format_text.h"

namespace weir::server {

enum class LogFormat::Field : std::uint8_t {
  Time,
  Id,
  Snapshot,
  Listener,
  Chain,
  Route,
  Cluster,
  Endpoint,
  Attempts,
  Status,
  EndedBy,
  EndedPhase,
  EndedWhy,
  MsHead,
  MsFilters,
  MsQueue,
  MsConnect,
  MsFirstByte,
  MsTotal,
  BytesIn,
  BytesOut,
  Vars,
  ClientIp,
  Method,
  Scheme,
  Host,
  Path,
  Query,
  Protocol,
  UserAgent,
  Referer,
  Sni,
  Var,
  Template,
  None,  // of the literal at the end
};

namespace {

using Field = LogFormat::Field;

// Longest values, after escaping.
constexpr std::size_t kName = 160;
constexpr std::size_t kHost = 256;
constexpr std::size_t kTarget = 2048;
constexpr std::size_t kAgent = 512;
constexpr std::size_t kReferer = 1024;
constexpr std::size_t kResult = 40;
constexpr std::size_t kAddress = 80;
constexpr std::size_t kOneAttempt = kAddress + kResult + 64;
constexpr std::size_t kVarName = 64;
constexpr std::size_t kVar = 256;
constexpr std::size_t kOneVar = kVarName + kVar + 16;
constexpr std::size_t kVars = 4096;
constexpr std::size_t kTemplate = 1024;
constexpr std::size_t kNumber = 24;
constexpr std::size_t kMark = 8;  // for "...", "-", "null"

struct Known {
  LogFormat::Name name;
  std::size_t limit;  // of what is written for it
};

constexpr std::array kKnown{
    Known{{"time", "when the first byte of the request came, UTC with microseconds"},
          LogTime::kSize},
    Known{{"id", "of the request, as in x-request-id"}, kName},
    Known{{"snapshot", "version of the configuration that served it"}, kNumber},
    Known{{"listener", "by name, and @ADDRESS where it has several"}, kName},
    Known{{"chain", "by name"}, kName},
    Known{{"route", "by name"}, kName},
    Known{{"cluster", "by name"}, kName},
    Known{{"endpoint", "address of the endpoint that answered"}, kName},
    Known{{"attempts", "JSON array of { endpoint, result, ms }, the first 16"},
          LogFormat::kMaxAttempts* kOneAttempt},
    Known{{"status", "sent to the client; 0 when no response was begun"}, kNumber},
    Known{{"ended.by", "client, upstream, weir or filter:NAME"}, kName},
    Known{{"ended.phase", "head, filters, queue, connect, send, wait or body"}, kNumber},
    Known{{"ended.why", "a reason code; ok when all went well"}, kResult},
    Known{{"ms.head", "first byte to complete head"}, kNumber},
    Known{{"ms.filters", "head to the router"}, kNumber},
    Known{{"ms.queue", "waiting for a slot"}, kNumber},
    Known{{"ms.connect", "waiting for a connection"}, kNumber},
    Known{{"ms.first_byte", "request sent to response head"}, kNumber},
    Known{{"ms.total", "first byte to the end"}, kNumber},
    Known{{"bytes.in", "from the client, heads included"}, kNumber},
    Known{{"bytes.out", "to the client, heads included"}, kNumber},
    Known{{"vars", "JSON object of all variables that fit in 4 KiB"}, kVars},
    Known{{"client_ip", "address of the client, without port", true}, kName},
    Known{{"method", "of the request", true}, kName},
    Known{{"scheme", "http or https", true}, kName},
    Known{{"host", "of the request", true}, kHost},
    Known{{"path", "of the request, without the query", true}, kTarget},
    Known{{"query", "of the request with its \"?\", or empty", true}, kTarget},
    Known{{"protocol", "HTTP/1.1, HTTP/1.0 or tcp", true}, kName},
    Known{{"user_agent", "the header of the request", true}, kAgent},
    Known{{"referer", "the header of the request", true}, kReferer},
    Known{{"sni", "server name of the TLS handshake", true}, kName},
    Known{{"var.NAME", "one variable"}, kVar},
};

constexpr auto kNames = [] {
  std::array<LogFormat::Name, kKnown.size()> names;
  for (std::size_t i = 0; i < kKnown.size(); ++i) names[i] = kKnown[i].name;
  return names;
}();

constexpr std::string_view kJson =
    R"({"time":"%time%","id":"%id%","snapshot":%snapshot%,"listener":"%listener%",)"
    R"("chain":"%chain%","route":"%route%","cluster":"%cluster%","endpoint":"%endpoint%",)"
    R"("attempts":%attempts%,"status":%status%,)"
    R"("ended":{"by":"%ended.by%","phase":"%ended.phase%","why":"%ended.why%"},)"
    R"("ms":{"head":%ms.head%,"filters":%ms.filters%,"queue":%ms.queue%,)"
    R"("connect":%ms.connect%,"first_byte":%ms.first_byte%,"total":%ms.total%},)"
    R"("bytes":{"in":%bytes.in%,"out":%bytes.out%},"vars":%vars%)";

std::string_view last_word(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

// The field that `word` most likely was meant to be, by its whole name or else by the part behind
// the dot; or empty.
std::string_view nearest_field(std::string_view word) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> last_words;
  for (const LogFormat::Name& known : kNames) names.push_back(known.name);
  for (const route::Template::Name& known : route::Template::names()) names.push_back(known.name);
  for (const std::string_view name : names) last_words.push_back(last_word(name));
  if (const std::string_view meant = nearest(word, names); !meant.empty()) return meant;
  const auto meant =
      std::find(last_words.begin(), last_words.end(), nearest(last_word(word), last_words));
  if (meant == last_words.end()) return {};
  return names[static_cast<std::size_t>(meant - last_words.begin())];
}

Error unknown_field(std::string_view word) {
  std::string message = "unknown field %" + clipped(word) + "% in the log format";
  if (const std::string_view near = nearest_field(word); !near.empty()) {
    message += ", did you mean %" + std::string(near) + "%?";
  }
  return config_error(std::move(message));
}

Error not_of_request(std::string_view word) {
  std::vector<std::string_view> names;
  for (const LogFormat::Name& known : kNames) {
    if (known.of_request) names.push_back(known.name);
    if (known.name == word && word != "var.NAME" && !known.of_request) {
      return config_error(std::string(word) + " is in every line");
    }
  }
  std::string message = "there is no field " + clipped(word) + " of the request";
  if (const std::string_view near = nearest(word, names); !near.empty()) {
    message += ", did you mean " + std::string(near) + "?";
  }
  return config_error(std::move(message));
}

// Whether it is "header." or another kind of variable that a name follows.
bool takes_name(std::string_view word) {
  const std::string_view kind = word.substr(0, word.find('.') + 1);
  const auto names = route::Template::names();
  return !kind.empty() && std::any_of(names.begin(), names.end(), [kind](const auto& known) {
    return known.name.starts_with(kind);
  });
}

char* write_value(const http::Variables::Value& value, char* to) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    *to++ = '"';
    to = append_escaped(to, *text, kVar);
    *to++ = '"';
    return to;
  }
  if (const auto* flag = std::get_if<bool>(&value)) return append_raw(to, *flag ? "true" : "false");
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return std::to_chars(to, to + kNumber, *number).ptr;
  }
  const double real = *std::get_if<double>(&value);
  if (!std::isfinite(real)) return append_raw(to, "null");
  return std::to_chars(to, to + 2 * kNumber, real).ptr;
}

char* write_vars(const http::Variables* vars, char* to) {
  const char* const last = to + kVars - kOneVar;
  *to++ = '{';
  if (vars != nullptr) {
    for (const http::Variables::Entry& entry : vars->all()) {
      if (to > last) break;
      if (to[-1] != '{') *to++ = ',';
      *to++ = '"';
      to = append_escaped(to, entry.name, kVarName);
      to = append_raw(to, "\":");
      to = write_value(entry.value, to);
    }
  }
  *to++ = '}';
  return to;
}

char* write_attempts(const filter::ExchangeRecord& record, char* to) {
  *to++ = '[';
  const std::uint32_t count = std::min(record.attempt_count, LogFormat::kMaxAttempts);
  for (std::uint32_t i = 0; i < count; ++i) {
    const filter::Attempt& attempt = record.attempts[i];
    to = append_raw(to, i == 0 ? R"({"endpoint":")" : R"(,{"endpoint":")");
    to = append_escaped(to, attempt.endpoint, kAddress);
    to = append_raw(to, R"(","result":")");
    to = append_escaped(to, attempt.result, kResult);
    to = append_raw(to, R"(","ms":)");
    to = append_number(to, attempt.ms);
    *to++ = '}';
  }
  *to++ = ']';
  return to;
}

// What a line is written from.
struct Line {
  const filter::ExchangeRecord& record;
  LogTime& time;
  bool json;
};

// NOLINTNEXTLINE(readability-function-size): one line for each field.
[[gnu::always_inline]] inline char* write_field(Field field, const Line& line, char* to) {
  const filter::ExchangeRecord& record = line.record;
  const auto write_text = [&](std::string_view value, std::size_t limit) {
    if (!value.empty()) return append_escaped(to, value, limit);
    return line.json ? to : append_raw(to, "-");
  };
  const auto write_ms = [&](std::uint32_t us) {
    if (us != filter::ExchangeRecord::kNone) return append_ms(to, us);
    return append_raw(to, line.json ? "null" : "-");
  };
  switch (field) {
    case Field::Time:
      return line.time.append(to, record.time_us);
    case Field::Id:
      return write_text(record.id, kName);
    case Field::Snapshot:
      return append_number(to, record.snapshot);
    case Field::Listener:
      return write_text(record.listener, kName);
    case Field::Chain:
      return write_text(record.chain, kName);
    case Field::Route:
      return write_text(record.route, kName);
    case Field::Cluster:
      return write_text(record.cluster, kName);
    case Field::Endpoint:
      return write_text(record.endpoint, kName);
    case Field::Attempts:
      return write_attempts(record, to);
    case Field::Status:
      return append_number(to, record.status);
    case Field::EndedBy:
      to = append_raw(to, to_string(record.ended_by));
      if (record.ended_by != filter::EndedBy::Filter) return to;
      *to++ = ':';
      return append_escaped(to, record.filter, kName - sizeof "filter:");
    case Field::EndedPhase:
      return append_raw(to, to_string(record.phase));
    case Field::EndedWhy:
      return append_raw(to, to_string(record.why));
    case Field::MsHead:
      return write_ms(record.us.head);
    case Field::MsFilters:
      return write_ms(record.us.filters);
    case Field::MsQueue:
      return write_ms(record.us.queue);
    case Field::MsConnect:
      return write_ms(record.us.connect);
    case Field::MsFirstByte:
      return write_ms(record.us.first_byte);
    case Field::MsTotal:
      return write_ms(record.us.total);
    case Field::BytesIn:
      return append_number(to, record.bytes_in);
    case Field::BytesOut:
      return append_number(to, record.bytes_out);
    case Field::ClientIp:
      return write_text(record.client, kName);
    case Field::Method:
      return write_text(record.method, kName);
    case Field::Scheme:
      return write_text(record.scheme, kName);
    case Field::Host:
      return write_text(record.host, kHost);
    case Field::Path:
      return write_text(record.path, kTarget);
    case Field::Query:
      return append_escaped(to, record.query, kTarget);
    case Field::Protocol:
      return write_text(record.protocol, kName);
    case Field::UserAgent:
      return write_text(record.user_agent, kAgent);
    case Field::Referer:
      return write_text(record.referer, kReferer);
    case Field::Sni:
      return write_text(record.sni, kName);
    case Field::Vars:
      return write_vars(record.vars, to);
    case Field::Var:
    case Field::Template:
    case Field::None:
      return to;
  }
  return to;
}

// A field of kJson and the text before it.
struct JsonPart {
  std::string_view literal;
  Field field = Field::None;
};
constexpr std::size_t kJsonFields = static_cast<std::size_t>(Field::Vars) + 1;

constexpr auto kJsonParts = [] {
  std::array<JsonPart, kJsonFields> parts;
  std::string_view rest = kJson;
  for (JsonPart& part : parts) {
    part.literal = rest.substr(0, rest.find('%'));
    rest.remove_prefix(part.literal.size());
    const std::string_view name = rest.substr(1, rest.find('%', 1) - 1);
    rest.remove_prefix(name.size() + 2);
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (kNames[i].name == name) part.field = static_cast<Field>(i);
    }
  }
  return parts;
}();
static_assert(kJsonParts.back().field == Field::Vars, "the fields before it are all in kJson");

// The fixed fields of the line that nearly everybody writes: known when this is compiled.
template <std::size_t... kIndexes>
char* write_json(const Line& line, char* to, std::index_sequence<kIndexes...>) {
  const auto write_part = [&](auto index) {
    constexpr JsonPart kPart = kJsonParts[index];
    to = write_field(kPart.field, line, append_raw(to, kPart.literal));
  };
  (write_part(std::integral_constant<std::size_t, kIndexes>()), ...);
  return to;
}

}  // namespace

Result<LogFormat> LogFormat::json(std::span<const std::string> more) {
  LogFormat format;
  format.json_ = true;
  std::size_t literal = 0;
  for (auto name = more.begin(); name != more.end(); ++name) {
    const auto known = std::ranges::find(kNames, *name, &Name::name);
    if (known == kNames.end() || !known->of_request) return not_of_request(*name);
    if (std::find(more.begin(), name, *name) != name) {
      return config_error(*name + " is there already");
    }
    format.literals_.append(",\"").append(*name).append("\":\"");
    format.add(literal, static_cast<Field>(known - kNames.begin()));
    format.literals_ += '"';
  }
  format.literals_ += '}';
  format.add(literal, Field::None);
  return format;
}

// A field behind what was added to the literals since `literal`.
void LogFormat::add(std::size_t& literal, Field field, std::size_t index) {
  const std::size_t size = literals_.size() - literal;
  literal = literals_.size();
  parts_.push_back({static_cast<std::uint32_t>(size), field, static_cast<std::uint8_t>(index)});
}

Result<std::size_t> LogFormat::add_named(std::size_t& literal, std::string_view name) {
  const auto known = std::ranges::find(kNames, name, &Name::name);
  if (known != kNames.end()) {
    const auto index = static_cast<std::size_t>(known - kNames.begin());
    add(literal, static_cast<Field>(index));
    return kKnown[index].limit;
  }
  if (variables_.size() > UINT8_MAX || templates_.size() > UINT8_MAX) {
    return config_error("a log format has at most 256 variables");
  }
  if (name.starts_with("var.") && name.size() > 4) {
    add(literal, Field::Var, variables_.size());
    variables_.emplace_back(name.substr(4));
    return kVar;
  }
  auto parsed = route::Template::parse("%" + std::string(name) + "%");
  if (!parsed) return takes_name(name) ? std::move(parsed).error() : unknown_field(name);
  add(literal, Field::Template, templates_.size());
  templates_.push_back(std::move(*parsed));
  return kTemplate;
}

std::span<const LogFormat::Name> LogFormat::names() {
  return kNames;
}

Result<LogFormat> LogFormat::parse(std::string_view text) {
  LogFormat format;
  std::size_t literal = 0;  // where that of the next part begins
  std::size_t longest = 1;  // without the literals

  while (!text.empty()) {
    const char first = text.front();
    text.remove_prefix(1);
    if (first != '%') {
      if (static_cast<unsigned char>(first) < 0x20 && first != '\t') {
        return config_error("a log format is one line: it may not hold control characters");
      }
      format.literals_ += first;
      continue;
    }
    const std::size_t end = text.find('%');
    if (end == std::string_view::npos) {
      return config_error("a % in the log format begins no field; write %% for a percent sign");
    }
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (word.empty()) {
      format.literals_ += '%';
      continue;
    }
    WEIR_TRY(most, format.add_named(literal, word));
    longest += most + kMark;
  }
  format.add(literal, Field::None);
  if (longest + format.literals_.size() > kMaxLine) {
    return config_error(
        "lines of this log format could be longer than 16 KiB: leave out some of "
        "the long fields (vars, attempts, path, query, referer)");
  }
  return format;
}

char* LogFormat::write(const filter::ExchangeRecord& record, LogTime& time, char* to) const {
  const Line line{record, time, json_};
  if (json_) to = write_json(line, to, std::make_index_sequence<kJsonFields>());
  const char* literal = literals_.data();
  for (const Part& part : parts_) {
    to = append_raw(to, {literal, part.literal_size});
    literal += part.literal_size;
    switch (part.field) {
      case Field::Var:
        to = write_variable(part, record, to);
        break;
      case Field::Template:
        to = write_template(part, record, to);
        break;
      default:
        to = write_field(part.field, line, to);
        break;
    }
  }
  *to++ = '\n';
  return to;
}

char* LogFormat::write_variable(const Part& part, const filter::ExchangeRecord& record,
                                char* to) const {
  const http::Variables::Value* value =
      record.vars == nullptr ? nullptr : record.vars->get(variables_[part.index]);
  if (value == nullptr) return append_raw(to, "-");
  const auto* text = std::get_if<std::string_view>(value);
  if (text == nullptr) return write_value(*value, to);
  return text->empty() ? append_raw(to, "-") : append_escaped(to, *text, kVar);
}

char* LogFormat::write_template(const Part& part, const filter::ExchangeRecord& record,
                                char* to) const {
  std::string_view text;
  if (record.view != nullptr) text = templates_[part.index].render(*record.view, *record.arena);
  return text.empty() ? append_raw(to, "-") : append_escaped(to, text, kTemplate);
}

}  // namespace weir::server
