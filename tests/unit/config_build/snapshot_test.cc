#include <set>

#include <gtest/gtest.h>

#include "core/base/journal_socket.h"
#include "tests/unit/config_build/load.h"

namespace weir::config {
namespace {

using namespace std::chrono_literals;

// `routes` as the list `main` behind one listener, in front of the clusters a and b.
std::string with_routes(const std::string& routes) {
  return "listeners:\n"
         "  web: { address: \"127.0.0.1:8080\", filters: [ http, { headers: {} }, { router: { "
         "routes: main } } ] }\n"
         "clusters:\n"
         "  a: { endpoints: [ \"127.0.0.1:9000\" ] }\n"
         "  b: { endpoints: [ \"127.0.0.1:9001\" ] }\n"
         "routes:\n"
         "  main:\n" +
         routes;
}

TEST(Snapshot, HasTheProcessAsItIsWritten) {
  const test::Loaded loaded(
      "workers: 3\n"
      "admin: { address: \"127.0.0.1:9901\" }\n"
      "drain_timeout: 5s\n"
      "max_connections: 77\n"
      "overload: { memory: 96MiB, loop_delay: off, descriptors: 25% }\n"
      "access_log: { path: logs/access.log, format: \"%status% %path%\" }\n"
      "listeners:\n"
      "  web: { address: \"[::1]:80\", backlog: 9, freebind: true, max_connections: 5,\n"
      "         peek_timeout: 1s, access_log: stderr, filters: [ { tcp_proxy: { cluster: a } } ] "
      "}\n"
      "  quiet: { address: /tmp/x.sock, access_log: off, filters: [ { tcp_proxy: { cluster: a } } "
      "] }\n"
      "  other: { address: \"[::1]:${PORT}\", filters: [ { tcp_proxy: { cluster: a } } ] }\n"
      "clusters: { a: { dns: \"a.example:80\" } }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const server::Snapshot& snapshot = loaded.snapshot();
  EXPECT_EQ(snapshot.workers, 3u);
  EXPECT_EQ(snapshot.admin.address->to_string(), "127.0.0.1:9901");
  EXPECT_EQ(snapshot.drain_timeout, 5s);
  EXPECT_EQ(snapshot.max_connections, 77u);
  EXPECT_EQ(snapshot.overload.memory->of(1), 96u << 20);
  EXPECT_FALSE(snapshot.overload.loop_delay.has_value());
  EXPECT_EQ(snapshot.overload.descriptors->of(1'000), 250u);
  ASSERT_EQ(snapshot.listeners.size(), 3u);
  const server::ListenerSpec& web = snapshot.listeners[0];
  EXPECT_EQ(web.name, "web");
  EXPECT_EQ(web.address.to_string(), "[::1]:80");
  EXPECT_EQ(web.options.backlog, 9);
  EXPECT_TRUE(web.options.freebind);
  EXPECT_EQ(web.max_connections, 5u);
  EXPECT_EQ(web.peek_timeout, 1s);
  ASSERT_EQ(snapshot.access_logs.size(), 2u);
  EXPECT_EQ(snapshot.access_logs[*web.access_log].target, LogTarget::Kind::Stderr);
  EXPECT_FALSE(snapshot.listeners[1].access_log.has_value());
  EXPECT_EQ(snapshot.listeners[2].address.port(), 9000);
  const server::AccessLogSpec& log = snapshot.access_logs[*snapshot.listeners[2].access_log];
  EXPECT_EQ(log.target, LogTarget::Kind::File);
  EXPECT_EQ(log.path, "logs/access.log");
  EXPECT_EQ(log.format, "%status% %path%");
  EXPECT_EQ(snapshot.files, std::vector<std::string>{"weir.yaml"});
}

TEST(Snapshot, HasTheOperationalLog) {
  const std::string rest =
      "\n"
      "listeners: { web: { address: \"[::1]:80\", filters: [ { tcp_proxy: { cluster: a } } ] } }\n"
      "clusters: { a: { dns: \"a.example:80\" } }\n";
  const test::Loaded bare(rest);
  ASSERT_TRUE(bare.ok()) << bare.problems();
  EXPECT_EQ(bare.snapshot().log->output, LogSpec());
  LogLevels levels;
  levels.fill(LogLevel::Info);
  EXPECT_EQ(bare.snapshot().log->levels, levels);

  const test::Loaded file(
      "log: { level: warning, levels: { upstream: debug }, path: weir.log, format: json }" + rest);
  ASSERT_TRUE(file.ok()) << file.problems();
  EXPECT_EQ(file.snapshot().log->output,
            (LogSpec{LogSpec::Target::File, LogSpec::Form::Json, "weir.log"}));
  levels.fill(LogLevel::Warning);
  levels[LogPart("upstream").index()] = LogLevel::Debug;
  EXPECT_EQ(file.snapshot().log->levels, levels);

  const test::Loaded journal("log: journald" + rest);
  ASSERT_TRUE(journal.ok()) << journal.problems();
  EXPECT_EQ(journal.snapshot().log->output,
            (LogSpec{LogSpec::Target::Journal, LogSpec::Form::Text, JournalSocket::kPath}));
}

TEST(Snapshot, HasAListenerForEachAddressOfOne) {
  const test::Loaded loaded(
      "listeners:\n"
      "  db: { address: [ \"127.0.0.1:1\", \"[::1]:1\" ], filters: [ { tcp_proxy: { cluster: a } } "
      "] }\n"
      "clusters: { a: { srv: _db._tcp.example } }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  ASSERT_EQ(loaded.snapshot().listeners.size(), 2u);
  EXPECT_EQ(loaded.snapshot().listeners[0].name, "db@127.0.0.1:1");
  EXPECT_EQ(loaded.snapshot().listeners[1].name, "db@[::1]:1");
  EXPECT_EQ(loaded.chain(0).connection_fingerprint, loaded.chain(1).connection_fingerprint);
  EXPECT_NE(loaded.chain(1).terminal, nullptr);
}

TEST(Snapshot, HasClustersAsTheyAreWritten) {
  const test::Loaded loaded(
      "listeners: { db: { address: \"127.0.0.1:1\", filters: [ { tcp_proxy: { cluster: { a: 1, b: "
      "3 } "
      "} } ] } }\n"
      "clusters:\n"
      "  a:\n"
      "    endpoints: [ \"10.0.0.1:80\", { address: \"10.0.0.2:80\", weight: 3, priority: 1, "
      "labels: { zone: z } } ]\n"
      "    balance: round_robin\n"
      "    limits: { connections: 10, requests: off, queue: 5, queue_timeout: 2s }\n"
      "    endpoint_limits: { connections: 4 }\n"
      "    retry_budget: { percent: 50, least: 1 }\n"
      "    connect_timeout: 1s\n"
      "    idle_timeout: off\n"
      "    keepalive: { idle: 30s, interval: 5s, probes: 2 }\n"
      "    proxy_protocol: v2\n"
      "    max_requests_per_connection: 1000\n"
      "    max_response_head: 8KiB\n"
      "    max_response_headers: 50\n"
      "  b: { dns: \"b.example:8080\", keepalive: off }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const upstream::ClusterSpec& a = *loaded.snapshot().clusters.at(0).spec;
  const auto& members = std::get<upstream::StaticEndpoints>(a.membership);
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].weight, 1u);
  EXPECT_EQ(members[1].address.to_string(), "10.0.0.2:80");
  EXPECT_EQ(members[1].weight, 3u);
  EXPECT_EQ(members[1].priority, 1u);
  EXPECT_EQ(members[1].labels.at(0), (std::pair<std::string, std::string>("zone", "z")));
  EXPECT_EQ(a.limits.connections, 10u);
  EXPECT_EQ(a.limits.requests, upstream::kNoLimit);
  EXPECT_EQ(a.limits.queue, 5u);
  EXPECT_EQ(a.limits.queue_timeout, 2s);
  EXPECT_EQ(a.endpoint_limits.connections, 4u);
  EXPECT_EQ(a.endpoint_limits.requests, upstream::kNoLimit);
  EXPECT_EQ(a.retry_budget.percent, 50);
  EXPECT_EQ(a.retry_budget.least, 1u);
  EXPECT_EQ(a.connect_timeout, 1s);
  EXPECT_EQ(a.idle_timeout, 0s);
  EXPECT_EQ(a.keepalive.keepalive_idle, 30s);
  EXPECT_EQ(a.keepalive.keepalive_interval, 5s);
  EXPECT_EQ(a.keepalive.keepalive_probes, 2);
  EXPECT_EQ(a.proxy_protocol, upstream::ProxyProtocol::V2);
  EXPECT_EQ(a.max_requests_per_connection, 1000u);
  EXPECT_EQ(a.response_limits.head_bytes, 8u * 1024);
  EXPECT_EQ(a.response_limits.fields, 50u);
  const upstream::ClusterSpec& b = *loaded.snapshot().clusters.at(1).spec;
  EXPECT_EQ(std::get<upstream::DnsEndpoints>(b.membership),
            (upstream::DnsEndpoints{"b.example", 8080}));
  EXPECT_FALSE(b.keepalive.keepalive);
}

TEST(Snapshot, HasRoutesToClustersAsTheyAreWritten) {
  const test::Loaded loaded(with_routes(
      "    - name: api\n"
      "      match: { host: Api.Example, prefix: /v2, methods: [ GET, POST ], headers: { X-Canary: "
      "\"1\" } }\n"
      "      cluster: { a: 95, b: 5 }\n"
      "      timeout: 10s\n"
      "      idle_timeout: off\n"
      "      total_timeout: 1m\n"
      "      retry: { when: [ connect-failure, gateway-error ], statuses: [ 429 ], attempts: 2,\n"
      "               per_try_timeout: 3s, back_off: { base: 10ms, max: 1s }, unsafe: true }\n"
      "      rewrite: { prefix: /, host: internal.example }\n"
      "      request_headers: { set: { X-Edge: \"%client_ip%\" }, append: { via: weir }, remove: [ "
      "X-Internal ] }\n"
      "      response_headers: { remove: server }\n"
      "      mirror: { cluster: b, percent: 1 }\n"
      "      upgrade: off\n"
      "    - { name: rest, cluster: b, upgrade: [ WebSocket, tls ] }\n"));
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const route::Route& api = loaded.route(0);
  EXPECT_EQ(api.match.hosts.at(0).text, "api.example");
  EXPECT_EQ(api.match.prefixes, std::vector<std::string>{"/v2"});
  EXPECT_EQ(api.match.methods, (std::vector<std::string>{"GET", "POST"}));
  EXPECT_EQ(api.match.headers.at(0).name, "x-canary");
  EXPECT_EQ(api.match.headers.at(0).any.at(0).text, "1");
  const auto& to = std::get<route::ToCluster>(api.action);
  EXPECT_EQ(to.total_weight, 100u);
  EXPECT_EQ(to.clusters.at(0).weight, 95u);
  EXPECT_EQ(to.clusters.at(1).index, 1u);
  EXPECT_EQ(api.timeout, 10s);
  EXPECT_EQ(api.idle_timeout, 0s);
  EXPECT_EQ(api.total_timeout, 1min);
  EXPECT_EQ(api.retry.when,
            route::kRetryConnectFailure | route::kRetryGatewayError | route::kRetryStatus);
  EXPECT_EQ(api.retry.statuses, std::vector<std::uint16_t>{429});
  EXPECT_EQ(api.retry.attempts, 2u);
  EXPECT_EQ(api.retry.per_try_timeout, 3s);
  EXPECT_EQ(api.retry.back_off_base, 10ms);
  EXPECT_EQ(api.retry.back_off_max, 1s);
  EXPECT_TRUE(api.retry.unsafe);
  EXPECT_TRUE(api.rewrite.has_value());
  EXPECT_EQ(api.rewrite_host->source(), "internal.example");
  EXPECT_EQ(api.request_headers.set.at(0).first, "x-edge");
  EXPECT_EQ(api.request_headers.append.at(0).first, "via");
  EXPECT_EQ(api.request_headers.remove, std::vector<std::string>{"x-internal"});
  EXPECT_EQ(api.response_headers.remove, std::vector<std::string>{"server"});
  EXPECT_EQ(api.mirrors.at(0).cluster_index, 1u);
  EXPECT_EQ(api.mirrors.at(0).percent, 1);
  EXPECT_TRUE(api.upgrades.empty());
  EXPECT_EQ(loaded.route(1).upgrades, (std::vector<std::string>{"websocket", "tls"}));
}

TEST(Snapshot, HasRedirectsAndResponsesAsTheyAreWritten) {
  const test::Loaded loaded(with_routes(
      "    - { match: { path: /a }, redirect: https }\n"
      "    - { match: { path: /b }, redirect: \"https://www.example%path%\" }\n"
      "    - { match: { prefix: /c }, redirect: { prefix: /d, status: 301, strip_query: true } }\n"
      "    - { match: { path: /e }, respond: { status: 503, headers: { Retry-After: \"120\" },\n"
      "        body: { file: pages/503.html } } }\n"
      "    - { respond: { body: \"hello %client_ip%\" } }\n"));
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const auto& https = std::get<route::Redirect>(loaded.route(0).action);
  EXPECT_EQ(https.scheme, "https");
  EXPECT_EQ(https.status, 308);
  EXPECT_FALSE(https.url.has_value());
  EXPECT_EQ(std::get<route::Redirect>(loaded.route(1).action).url->source(),
            "https://www.example%path%");
  const auto& moved = std::get<route::Redirect>(loaded.route(2).action);
  EXPECT_EQ(moved.status, 301);
  EXPECT_TRUE(moved.rewrite.has_value());
  EXPECT_TRUE(moved.strip_query);
  const auto& page = std::get<route::Respond>(loaded.route(3).action);
  EXPECT_EQ(page.status, 503);
  EXPECT_EQ(page.headers.at(0).first, "retry-after");
  EXPECT_EQ(page.headers.at(1).second.source(), "text/html; charset=utf-8");
  EXPECT_EQ(page.body.source(), "<p>%status% %host%, 100%%</p>\n");
  EXPECT_EQ(loaded.snapshot().files, (std::vector<std::string>{"weir.yaml", "pages/503.html"}));
  EXPECT_EQ(std::get<route::Respond>(loaded.route(4).action).body.source(), "hello %client_ip%");
}

TEST(Snapshot, HasEveryKindOfMatch) {
  const test::Loaded loaded(
      with_routes("    - match:\n"
                  "        host: [ \"*.example\", { suffix: .test } ]\n"
                  "        path: { not: { prefix: /private } }\n"
                  "        regex: \"/v[0-9]+/.*\"\n"
                  "        headers: { a: [ { contains: x }, { regex: \"y+\" } ], b: { present: "
                  "true }, c: { present: false } }\n"
                  "        query: { q: { suffix: z } }\n"
                  "        cookies: { session: { not: old } }\n"
                  "        client_ip: [ 10.0.0.0/8, \"::1\" ]\n"
                  "        port: [ 80, 8000-8099 ]\n"
                  "        percent: 0.5\n"
                  "        flag: maintenance\n"
                  "        var: { tenant: acme }\n"
                  "      cluster: a\n"
                  "    - cluster: b\n"));
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  using Kind = route::TextMatch::Kind;
  const route::Match& match = loaded.route(0).match;
  EXPECT_EQ(match.hosts.at(0).text, "*.example");
  EXPECT_EQ(match.hosts.at(1).kind, Kind::Suffix);
  EXPECT_TRUE(match.paths.at(0).inverted);
  EXPECT_EQ(match.paths.at(0).kind, Kind::Prefix);
  EXPECT_EQ(match.regexes.at(0), "/v[0-9]+/.*");
  EXPECT_EQ(match.headers.at(0).any.at(1).kind, Kind::Regex);
  EXPECT_EQ(match.headers.at(1).any.at(0).kind, Kind::Present);
  EXPECT_TRUE(match.headers.at(2).any.at(0).inverted);
  EXPECT_EQ(match.query.at(0).any.at(0).kind, Kind::Suffix);
  EXPECT_TRUE(match.cookies.at(0).any.at(0).inverted);
  EXPECT_EQ(match.client_ip.size(), 2u);
  EXPECT_EQ(match.ports.at(0).last, 80);
  EXPECT_EQ(match.ports.at(1).first, 8000);
  EXPECT_EQ(match.percent, 0.5);
  EXPECT_EQ(loaded.snapshot().flag_names, std::vector<std::string>{"maintenance"});
  EXPECT_EQ(match.vars.at(0).name, "tenant");
}

TEST(Snapshot, HasHttpSettingsAndLocalRepliesAsTheyAreWritten) {
  const test::Loaded loaded(
      "listeners:\n"
      "  web:\n"
      "    address: \"127.0.0.1:80\"\n"
      "    local_replies: { reason: all, bodies: { 503: { file: pages/503.html }, 5xx: sorry } }\n"
      "    chains:\n"
      "      - name: own\n"
      "        match: { client_ip: 10.0.0.0/8 }\n"
      "        filters:\n"
      "          - http: { max_request_head: 16KiB, max_request_headers: 20, header_timeout: 2s,\n"
      "                    max_requests: 5, trusted_proxies: 10.0.0.0/8, request_id: false,\n"
      "                    connection_idle: off, escaped_slash: keep, local_replies: { reason: off "
      "} }\n"
      "          - router: { routes: main }\n"
      "      - { name: other, filters: [ http, { router: { routes: main } } ] }\n"
      "routes: { main: [ { redirect: https } ] }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  using Who = filter::LocalReplies::ReasonHeader;
  const filter::HttpSettings& own = loaded.chain(0, 0).http->settings;
  EXPECT_EQ(own.max_request_head, 16u * 1024);
  EXPECT_EQ(own.max_request_headers, 20u);
  EXPECT_EQ(own.header_timeout, 2s);
  EXPECT_EQ(own.connection_idle, 0s);
  EXPECT_EQ(own.max_requests, 5u);
  EXPECT_FALSE(own.request_id);
  EXPECT_EQ(own.path.escaped_slash, http::EscapedSlash::Keep);
  EXPECT_TRUE(own.trusted_proxies.contains(*net::Address::parse("10.1.1.1:1")));
  EXPECT_EQ(own.local_replies.reason, Who::Off);
  EXPECT_EQ(own.local_replies.find(503), nullptr);
  const filter::HttpSettings& other = loaded.chain(0, 1).http->settings;
  EXPECT_EQ(other.local_replies.reason, Who::All);
  EXPECT_EQ(other.local_replies.find(503)->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(other.local_replies.find(502)->text.source(), "sorry");
  EXPECT_EQ(other.local_replies.find(404), nullptr);
}

std::string names_of(const filter::FilterList& list) {
  std::string names;
  for (const auto& entry : list.entries) {
    names += entry.item->name + ':' + std::to_string(entry.order) + ' ';
  }
  return names;
}

TEST(Snapshot, GivesEachRouteItsFiltersInEveryChainThatUsesIt) {
  const test::Loaded loaded(
      "listeners:\n"
      "  one:\n"
      "    address: \"127.0.0.1:1\"\n"
      "    filters: [ http, { ip_filter: { deny: 10.0.0.1 } }, { headers: { request: { remove: a } "
      "} },\n"
      "               { router: { routes: main } } ]\n"
      "  two:\n"
      "    address: \"127.0.0.1:2\"\n"
      "    filters: [ http, { headers: {}, name: extra }, { headers: {}, enabled: false }, { "
      "router: { routes: main } } ]\n"
      "filter_sets: { more: [ { headers: {}, name: m1 }, { headers: {}, name: m2 } ] }\n"
      "routes:\n"
      "  main:\n"
      "    - { match: { path: /0 }, redirect: https }\n"
      "    - { match: { path: /1 }, redirect: https, filters: [ { ip_filter: off } ] }\n"
      "    - { match: { path: /2 }, redirect: https, filters: [ { use: more }, { headers: off, "
      "name: extra } ] }\n"
      "    - { match: { path: /3 }, redirect: https, filters: [ { headers: { request: { remove: b "
      "} } } ] }\n"
      "    - { match: { path: /4 }, redirect: https, filters: [ { name: headers, enabled: true } ] "
      "}\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const auto list = [&](std::size_t listener, std::size_t route) -> const filter::FilterList& {
    return loaded.chain(listener).http->filters_for(&loaded.route(route));
  };
  const filter::HttpChain& one = *loaded.chain(0).http;
  EXPECT_EQ(names_of(one.filters), "ip_filter:0 headers:1 ");
  EXPECT_EQ(&list(0, 0), &one.filters);
  EXPECT_EQ(names_of(list(0, 1)), "headers:1 ");
  EXPECT_EQ(names_of(list(0, 2)), "ip_filter:0 headers:1 m1:2 m2:3 ");
  EXPECT_EQ(names_of(list(0, 3)), "ip_filter:0 headers:1 ");
  EXPECT_NE(list(0, 3).entries[1].item->factory, one.filters.entries[1].item->factory);
  EXPECT_EQ(names_of(list(1, 0)), "extra:0 ");
  EXPECT_EQ(names_of(list(1, 2)), "m1:2 m2:3 ");
  EXPECT_EQ(names_of(list(1, 3)), "extra:0 headers:1 ");
  EXPECT_EQ(names_of(list(1, 4)), "extra:0 headers:1 ");
}

TEST(Snapshot, KeepsAChainsFingerprintWhileEverythingBelowHttpIsTheSame) {
  const auto fingerprint = [](const std::string& http, const std::string& headers) {
    const test::Loaded loaded("listeners: { web: { address: \"127.0.0.1:80\", filters: [ " + http +
                              ", { headers: " + headers +
                              " }, { router: { routes: main } } ] } }\n"
                              "routes: { main: [ { redirect: https } ] }\n");
    EXPECT_TRUE(loaded.ok()) << loaded.problems();
    return loaded.ok() ? loaded.chain().connection_fingerprint : 0;
  };
  const std::uint64_t plain = fingerprint("http", "{}");
  EXPECT_EQ(fingerprint("  { http: {} }", "{ request: { remove: x } }"), plain);
  const std::uint64_t changed =
      fingerprint("{ http: { max_requests: 9000, request_id: false } }", "{}");
  EXPECT_NE(changed, plain);
  EXPECT_EQ(fingerprint("{ http: { request_id: \"false\", max_requests: \"${PORT}\" } }", "{}"),
            changed);
}

TEST(Snapshot, GivesAChainAnotherFingerprintWithAnotherMatch) {
  const auto fingerprint = [](const std::string& match) {
    const test::Loaded loaded(
        "listeners: { tls: { address: \"127.0.0.1:443\", chains: [ { name: a" + match +
        ", filters: [ { tcp_proxy: { cluster: c } } ] } ] } }\n"
        "clusters: { c: { endpoints: [ \"127.0.0.1:80\" ] } }\n");
    EXPECT_TRUE(loaded.ok()) << loaded.problems();
    return loaded.ok() ? loaded.chain().connection_fingerprint : 0;
  };
  std::set<std::uint64_t> all;
  const std::vector<std::string> matches = {
      "",           "client_ip: 10.0.0.0/8",        "sni: a.example",
      "alpn: h2",   "sni: { suffix: a.example }",   "sni: { not: a.example }",
      "sni: \"*\"", "sni: [ a.example, b.example ]"};
  for (const std::string& match : matches) {
    all.insert(fingerprint(match.empty() ? match : ", match: { " + match + " }"));
  }
  EXPECT_EQ(all.size(), matches.size());
  EXPECT_EQ(fingerprint(", match: { sni: A.example }"), fingerprint(", match: { sni: a.example }"));
}

}  // namespace
}  // namespace weir::config
