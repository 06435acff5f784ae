#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <tuple>
#include <vector>

#include "config/schema.h"
#include "config/types/local_replies.h"
#include "config/types/network.h"
#include "core/filter/registry.h"
#include "filters/network/http/http_codec.h"

namespace weir::http {

constexpr auto enum_names(EscapedSlash) {
  using config::EnumName;
  return std::array{EnumName{"reject", EscapedSlash::Reject}, EnumName{"keep", EscapedSlash::Keep}};
}

}  // namespace weir::http

namespace weir::filters {
namespace {

using Duration = std::chrono::milliseconds;
constexpr Duration kLeast{1};

struct Settings {
  static inline const filter::HttpSettings kDefaults{};

  config::Size max_request_head{kDefaults.max_request_head};
  config::Size max_request_line{kDefaults.max_request_line};
  std::uint32_t max_request_headers = kDefaults.max_request_headers;
  std::optional<Duration> header_timeout{kDefaults.header_timeout};
  std::optional<Duration> connection_idle{kDefaults.connection_idle};
  std::optional<std::uint64_t> max_requests;
  bool normalize_path = kDefaults.normalize_path;
  bool merge_slashes = kDefaults.path.merge_slashes;
  http::EscapedSlash escaped_slash = kDefaults.path.escaped_slash;
  std::vector<net::Cidr> trusted_proxies;
  bool forwarded_headers = kDefaults.forwarded_headers;
  bool request_id = kDefaults.request_id;
  std::optional<config::LocalReplies> local_replies;

  static constexpr std::string_view type_name = "http";
  static constexpr auto fields = std::tuple{
      config::field("max_request_head", &Settings::max_request_head, "bytes of a request head")
          .range(config::operator""_KiB(1), config::operator""_MiB(1)),
      config::field("max_request_line", &Settings::max_request_line, "bytes of a request line")
          .range(config::Size{64}, config::operator""_MiB(1)),
      config::field("max_request_headers", &Settings::max_request_headers, "fields of a head")
          .range(1, 10'000),
      config::field("header_timeout", &Settings::header_timeout,
                    "from the first byte of a head to its end")
          .at_least(kLeast)
          .or_off(),
      config::field("connection_idle", &Settings::connection_idle, "between requests")
          .at_least(kLeast)
          .or_off(),
      config::field("max_requests", &Settings::max_requests, "after which a connection is closed")
          .at_least(1)
          .or_off(),
      config::field("normalize_path", &Settings::normalize_path,
                    "whether paths are brought into one spelling first"),
      config::field("merge_slashes", &Settings::merge_slashes, "whether // is the same as /"),
      config::field("escaped_slash", &Settings::escaped_slash,
                    "what happens to %2F and %5C in paths"),
      config::field(
          "trusted_proxies", &Settings::trusted_proxies,
          "whose X-Forwarded-* and X-Request-Id are believed; from others the former are removed")
          .one_or_many()
          .set(),
      config::field("forwarded_headers", &Settings::forwarded_headers,
                    "whether X-Forwarded-For, -Proto and -Host are sent upstream"),
      config::field("request_id", &Settings::request_id,
                    "whether X-Request-Id is sent upstream and returned"),
      config::field("local_replies", &Settings::local_replies,
                    "what Weir's own answers look like; otherwise as the listener says")};

  bool check(const config::Node& node, config::Reading& reading) const {
    if (std::any_of(trusted_proxies.begin(), trusted_proxies.end(),
                    [](const net::Cidr& block) { return block.is_everything(); }) &&
        reading.sound({"trusted_proxies"})) {
      reading.warning_below("trusted_proxies", node.find("trusted_proxies")->where(),
                            "believes everybody: any client can say that it has any address");
    }
    if (!header_timeout) {
      reading.warning_below("header_timeout", node.find("header_timeout")->where(),
                            "a client that never ends its head holds a connection for ever");
    }
    if (local_replies) {
      const auto step = reading.enter("local_replies");
      local_replies->warn_of_reason(*node.find("local_replies"), reading);
    }
    if (max_request_line <= max_request_head) return true;
    if (!reading.sound({"max_request_line", "max_request_head"})) return true;
    const bool line = node.find("max_request_line") != nullptr;
    const std::string_view key = line ? "max_request_line" : "max_request_head";
    return reading.error_below(key, node.find(key)->where(),
                               line ? "is more than max_request_head, of which it is a part"
                                    : "is less than max_request_line, which is a part of it");
  }
};

std::unique_ptr<filter::NetworkTerminalFactory> make(const config::Node& node,
                                                     config::Reading& reading,
                                                     filter::HttpSettings& http) {
  constexpr Duration kNone{0};
  Settings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  http.max_request_head = static_cast<std::uint32_t>(settings.max_request_head.bytes);
  http.max_request_line = static_cast<std::uint32_t>(settings.max_request_line.bytes);
  http.max_request_headers = settings.max_request_headers;
  http.header_timeout = settings.header_timeout.value_or(kNone);
  http.connection_idle = settings.connection_idle.value_or(kNone);
  http.max_requests = settings.max_requests.value_or(0);
  http.normalize_path = settings.normalize_path;
  http.path = {settings.merge_slashes, settings.escaped_slash};
  http.trusted_proxies = net::CidrSet(settings.trusted_proxies);
  http.forwarded_headers = settings.forwarded_headers;
  http.request_id = settings.request_id;
  if (settings.local_replies) {
    const auto step = reading.enter("local_replies");
    auto replies = settings.local_replies->compiled(reading);
    if (!replies) return nullptr;
    http.local_replies = *std::move(replies);
  }
  return make_http_codec();
}

}  // namespace

filter::FilterType http_type() {
  return {.name = "http",
          .doc = "HTTP from here on: turns bytes into streams",
          .settings = &config::type_info<Settings>,
          .make_codec = &make};
}

}  // namespace weir::filters
