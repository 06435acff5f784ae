#include "core/server/admin_desk.h"

#include <algorithm>

#include "core/base/log.h"
#include "core/route/named_value.h"
#include "core/server/gathering.h"
#include "core/server/metrics_text.h"
#include "core/server/operations.h"
#include "core/server/page_text.h"
#include "core/server/status_page.h"
#include "core/server/why_page.h"

namespace weir::server {
namespace {

constexpr std::size_t kDefaultRows = 1'000;
constexpr std::size_t kMostRows = 100'000;
constexpr std::string_view kYaml = "application/yaml";

const AdminPage* find_page(const AdminRequest& request) {
  const auto pages = admin_pages();
  const auto page = std::ranges::find(pages, request.path, &AdminPage::path);
  return page == pages.end() || (page->full_access && !request.full_access) ? nullptr : &*page;
}

// Whether it begins with `prefix`, in which the `weir_` of all names may be left out.
bool begins_with(std::string_view name, std::string_view prefix) {
  constexpr std::string_view kOurs = "weir_";
  return name.starts_with(prefix) ||
         (name.starts_with(kOurs) && name.substr(kOurs.size()).starts_with(prefix));
}

// A sample a line, of those that begin with `prefix`, without what machines need to know of them.
std::string samples_text(const std::string& metrics, std::string_view prefix) {
  std::string text;
  for (std::size_t at = 0; at < metrics.size();) {
    const std::size_t end = metrics.find('\n', at) + 1;
    const std::string_view line(metrics.data() + at, end - at);
    if (!line.starts_with('#') && begins_with(line, prefix)) text += line;
    at = end;
  }
  return text;
}

// The same as an object by name.
std::string samples_json(const std::string& metrics, std::string_view prefix) {
  Json all = Json::object();
  const std::string samples = samples_text(metrics, prefix);
  for (std::size_t at = 0; at < samples.size();) {
    const std::size_t end = samples.find('\n', at);
    const std::size_t space = samples.rfind(' ', end);
    const std::string value = samples.substr(space + 1, end - space - 1);
    all[samples.substr(at, space - at)] = Json::parse(value, nullptr, false);
    at = end + 1;
  }
  return to_page(all);
}

AdminAnswer no_such_page() {
  return {404, "no such page; / lists them\n", "text/plain; charset=utf-8"};
}

}  // namespace

void AdminDesk::answer(const AdminRequest& request, TakeAnswer take) {
  if (request.change) {
    change(request, std::move(take));
  } else {
    show(request, std::move(take));
  }
}

void AdminDesk::show(const AdminRequest& request, TakeAnswer take) {
  const PageFormat format = request.format;
  const std::string& path = request.path;
  const AdminPage* const page = find_page(request);
  if (page == nullptr) {
    take(no_such_page());
  } else if (const auto good = request.check_parameters(page->parameter); !good) {
    take(message_answer(good.error(), format));
  } else if (path == "/") {
    take({200, index_page(request.full_access, format)});
  } else if (path == "/ready") {
    take(ready());
  } else if (path == "/status") {
    take(status(format));
  } else if (path == "/metrics") {
    take({200, metrics(), MetricsText::kContentType});
  } else if (path == "/stats") {
    const std::string_view prefix = request.parameter("prefix").value_or("");
    const std::string all = metrics();
    take({200,
          format == PageFormat::AsJson ? samples_json(all, prefix) : samples_text(all, prefix)});
  } else if (path == "/clusters") {
    take({200, clusters_page(parts_.clusters.list(), format)});
  } else if (path == "/connections") {
    connections(request, std::move(take));
  } else if (path == "/why") {
    why(request, std::move(take));
  } else if (path == "/overrides") {
    take(overrides(request));
  } else if (path == "/events") {
    take(events(request));
  } else if (path == "/config") {
    take({200, parts_.publisher.current()->text, kYaml});
  } else if (path == "/variables") {
    Json all = Json::object();
    for (const auto& [name, value] : parts_.publisher.current()->variables) {
      all[name] = value ? Json(*value) : Json();
    }
    take({200, to_page(all)});
  }
}

void AdminDesk::change(const AdminRequest& request, TakeAnswer take) {
  const PageFormat format = request.format;
  const std::string& path = request.path;
  if (const auto good = request.check_parameters({}); !good) {
    take(message_answer(good.error(), format));
  } else if (path == "/reload") {
    const auto confirm = confirm_time(request);
    if (!confirm) {
      take(message_answer(confirm.error(), format));
      return;
    }
    if (*confirm && parts_.publisher.current()->watch) {
      take(message_answer(
          config_error("with watch: true changed files take effect by themselves, so that there "
                       "would be nothing to go back to: switch watch off to reload with --confirm"),
          format));
      return;
    }
    parts_.reloads.reload(
        [this, format, take = std::move(take)](const Reloads::Outcome& outcome) {
          const std::uint16_t status = outcome.good ? 200 : 409;
          take({status, reload_page(outcome, parts_.publisher.current()->number, format)});
        },
        *confirm);
  } else if (path == "/confirm") {
    const bool confirmed = parts_.reloads.confirm();
    take(message_answer(confirmed ? Result<std::string>(std::string("confirmed"))
                                  : config_error("nothing waits to be confirmed"),
                        format));
  } else if (path == "/rollback") {
    const auto back = parts_.reloads.roll_back();
    const std::uint64_t snapshot = parts_.publisher.current()->number;
    take(message_answer(back
                            ? Result<std::string>("snapshot " + std::to_string(snapshot) + " again")
                            : back.error(),
                        format));
  } else if (path == "/drain") {
    parts_.drain();
    take(message_answer(std::string("draining"), format));
  } else if (path == "/flag") {
    answer_when_kept(set_flag(request, parts_.publisher, parts_.overrides), format,
                     std::move(take));
  } else if (path == "/endpoint") {
    answer_when_kept(set_endpoint(request, parts_.clusters, parts_.overrides), format,
                     std::move(take));
  } else if (path == "/log") {
    answer_when_kept(set_log(request, parts_.overrides), format, std::move(take));
  } else if (path == "/overrides/clear") {
    answer_when_kept(clear_overrides(request, parts_.overrides), format, std::move(take));
  } else {
    take(no_such_page());
  }
}

// Who is told that something is set may count on it after a restart, where there is a state file.
void AdminDesk::answer_when_kept(Result<std::string> done, PageFormat format, TakeAnswer take) {
  const std::string& file = parts_.publisher.current()->state_file;
  if (!done || file.empty()) {
    take(message_answer(done, format));
    return;
  }
  const auto tell = [format, take = std::move(take), file,
                     text = *std::move(done)](const Result<void>& written) {
    if (written) return take(message_answer(text, format));
    take(message_answer(Error{ErrorOrigin::System,
                              text + ", but does not outlive the process: " + file +
                                  " was not written: " + written.error().message,
                              0},
                        format));
  };
  parts_.state.when_written([&loop = parts_.reactor.loop(), alive = std::weak_ptr(alive_),
                             tell](const Result<void>& written) {
    loop.post([alive, tell, written] {
      if (!alive.expired()) tell(written);
    });
  });
}

std::string AdminDesk::metrics() {
  ProcessMetrics& process = parts_.metrics.process();
  process.uptime_us = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - parts_.started)
                          .count();
  process.operational_lines_dropped = log_lines_dropped();
  process.operational_errors = log_errors();
  process.state_file_errors = parts_.state.trouble().errors;
  process.memory = parts_.overload.use(Overload::Resource::Memory);
  process.descriptors = parts_.overload.use(Overload::Resource::Descriptors);
  parts_.publisher.update_metrics();
  return parts_.metrics.render();
}

AdminAnswer AdminDesk::ready() const {
  if (parts_.draining()) return {503, "draining\n", "text/plain"};
  return {200, "ready\n", "text/plain"};
}

AdminAnswer AdminDesk::status(PageFormat format) {
  Status status(*parts_.publisher.current(), parts_.reloads);
  status.draining = parts_.draining();
  status.version = parts_.metrics.process().version;
  status.uptime_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::steady_clock::now() - parts_.started)
                         .count();
  status.flags = parts_.publisher.flags();
  for (std::size_t i = 0; i < parts_.workers.size(); ++i) {
    const WorkerMetrics& worker = parts_.metrics.worker(i);
    status.workers.push_back(
        {static_cast<double>(worker.loop_delay_us.value()) / 1'000, worker.block_bytes.value()});
  }
  status.listeners = parts_.publisher.listening();
  for (const auto& cluster : parts_.clusters.list()) {
    ++status.clusters;
    for (const auto& group : cluster.version->endpoints.groups) {
      for (const auto& member : group.members) {
        ++status.endpoints;
        if (member.state->eligible()) ++status.eligible;
      }
    }
  }
  status.overrides = parts_.overrides.list().size();
  status.state_trouble = parts_.state.trouble().last;
  status.log_errors = log_errors();
  status.log_lines_dropped = log_lines_dropped();
  return {200, status_page(status, format)};
}

AdminAnswer AdminDesk::events(const AdminRequest& request) const {
  constexpr std::int64_t kMostSeconds = 1'000'000'000;
  const auto seconds = request.number("seconds", 0, kMostSeconds);
  if (!seconds) return message_answer(seconds.error(), request.format);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto now_us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  const std::int64_t since = *seconds ? now_us - **seconds * 1'000'000 : 0;
  return {200, events_page(parts_.events.list(), since, request.format)};
}

AdminAnswer AdminDesk::overrides(const AdminRequest& request) const {
  const auto all = parts_.overrides.list();
  const std::uint64_t now = parts_.reactor.loop().now();
  if (request.parameter("yaml")) return {200, overrides_yaml(all, parts_.clusters, now), kYaml};
  const OverrideEffects effects(*parts_.publisher.current(), parts_.clusters);
  return {200, overrides_page(all, effects, now, request.format)};
}

void AdminDesk::connections(const AdminRequest& request, TakeAnswer take) {
  const auto limit = request.number("limit", 1, kMostRows);
  if (!limit) {
    take(message_answer(limit.error(), request.format));
    return;
  }
  const auto most = static_cast<std::size_t>(limit->value_or(kDefaultRows));
  Gathering<ConnectionRow>::begin(
      parts_.reactor, parts_.workers, most,
      [most](Worker& worker) { return worker.connections(most + 1); },
      [take = std::move(take), format = request.format](const auto& connections) {
        take({200, connections_page(connections, format)});
      });
}

void AdminDesk::why(const AdminRequest& request, TakeAnswer take) {
  std::string scratch;
  std::string id(route::decode_query(request.parameter("id").value_or(""), scratch));
  Gathering<FailedExchange>::begin(
      parts_.reactor, parts_.workers, kMostRows,
      [id](Worker& worker) { return worker.failures().list(id); },
      [take = std::move(take), format = request.format, id](Gathered<FailedExchange> failures) {
        std::sort(failures.rows.begin(), failures.rows.end(),
                  [](const auto& a, const auto& b) { return a.time_us > b.time_us; });
        if (id.empty()) {
          take({200, failures_page(failures.rows, format)});
        } else if (failures.rows.empty()) {
          take(message_answer(
              config_error("no request with the id '" + id + "' is among the last that failed"),
              format));
        } else {
          take({200, why_page(failures.rows, format)});
        }
      });
}

}  // namespace weir::server
