#include "config/build/explain.h"

#include <gtest/gtest.h>

#include "filters/builtin.h"
#include "tests/unit/config_build/load.h"

namespace weir::config {
namespace {

constexpr const char* kRoutes = R"(listeners:
  web:
    address: 127.0.0.1:80
    accept: [ connection_limit: { open: 9 } ]
    chains:
      - name: inside
        match: { client_ip: 10.0.0.0/8 }
        filters: [ tcp_proxy: { cluster: web } ]
      - name: all
        filters:
          - http: { trusted_proxies: [ 192.0.2.0/24 ] }
          - headers: { request: { set: { a: b } } }
          - router: { routes: shop }
  other: { address: 127.0.0.1:8080, filters: [ { tcp_proxy: { cluster: web } } ] }
routes:
  shop:
    - { name: health, match: { path: /healthz }, respond: { status: 204 } }
    - { name: old, match: { prefix: /v1 }, redirect: { prefix: /v2 } }
    - { name: lucky, match: { host: a.example, percent: 5 }, cluster: new }
    - name: api
      match: { host: a.example, headers: { x-canary: "1" } }
      cluster: { web: 3, new: 1 }
      rewrite: { prefix: /b }
      request_headers: { set: { x-client: "%client_ip%" } }
      filters: [ headers: off ]
    - { match: { flag: closed }, respond: { status: 503 } }
    - { name: mine, match: { host: mine.example }, cluster: web }
clusters:
  web: { endpoints: [ 10.0.0.1:80, 10.0.0.2:80, 10.0.0.3:80, 10.0.0.4:80, 10.0.0.5:80 ] }
  new: { dns: new.internal:8080 }
)";

std::string valid_yaml() {
  // Items of one key are written without braces above, which YAML takes in blocks only.
  std::string text = kRoutes;
  for (const auto& [from, to] :
       {std::pair<std::string, std::string>{"[ connection_limit: { open: 9 } ]",
                                            "[ { connection_limit: { open: 9 } } ]"},
        {"[ tcp_proxy: { cluster: web } ]", "[ { tcp_proxy: { cluster: web } } ]"},
        {"[ headers: off ]", "[ { headers: off } ]"}}) {
    text.replace(text.find(from), from.size(), to);
  }
  return text;
}

Result<Explanation> explained(std::string_view request, std::vector<std::string> headers = {},
                              std::vector<std::string> flags = {},
                              const std::string& from = "198.51.100.7") {
  test::Loaded loaded(valid_yaml());
  EXPECT_TRUE(loaded.ok()) << loaded.problems();
  auto question = Question::parse(request);
  if (!question) return std::move(question).error();
  question->headers = std::move(headers);
  question->flags = std::move(flags);
  question->from = from;
  return explain(loaded.snapshot(), *question);
}

std::string refused(const std::vector<Refused>& all) {
  std::string text;
  for (const Refused& one : all) text += one.name + " " + one.where + " " + one.why + "\n";
  return text;
}

TEST(Explain, TellsTheWayOfARequestToAClusterAndWhatWasNearer) {
  const auto found = explained("GET http://a.example/x/../y?q=1", {"X-Canary: 1"});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->kind, Explanation::Kind::Cluster);
  EXPECT_EQ(found->listener, "web");
  EXPECT_EQ(found->note, "");
  EXPECT_EQ(found->accept, std::vector<std::string>{"connection_limit"});
  EXPECT_EQ(found->chain, "all");
  EXPECT_EQ(refused(found->refused_chains),
            "inside  client_ip: 198.51.100.7 is not in 10.0.0.0/8\n");
  EXPECT_EQ(found->filters, std::vector<std::string>{}) << "the route switches it off";
  EXPECT_EQ(found->route, "api");
  EXPECT_EQ(found->where, "weir.yaml:20:7");
  EXPECT_EQ(refused(found->refused),
            "health weir.yaml:17:7 path: /y is not /healthz\n"
            "old weir.yaml:18:7 prefix: /y is not below /v1\n");
  ASSERT_EQ(found->by_chance.size(), 1u);
  EXPECT_EQ(found->by_chance[0].name, "lucky");
  EXPECT_EQ(found->by_chance[0].percent, 5);
  ASSERT_EQ(found->clusters.size(), 2u);
  EXPECT_EQ(found->clusters[0].cluster, "web");
  EXPECT_EQ(found->clusters[0].percent, 75);
  EXPECT_EQ(found->clusters[0].members,
            "10.0.0.1:80, 10.0.0.2:80, 10.0.0.3:80, 10.0.0.4:80, … 5 in all");
  EXPECT_EQ(found->clusters[1].members, "dns new.internal:8080");
  EXPECT_EQ(found->path, "/b/y?q=1");
  EXPECT_EQ(found->host, "a.example");
  EXPECT_EQ(found->headers.back(),
            (std::pair<std::string, std::string>("x-client", "198.51.100.7")));
}

TEST(Explain, BelievesTrustedProxies) {
  const auto believed =
      explained("http://mine.example/", {"x-forwarded-for: 9.9.9.9"}, {}, "192.0.2.1");
  ASSERT_TRUE(believed);
  EXPECT_EQ(believed->client, "9.9.9.9");
  const auto stranger = explained("http://mine.example/", {"x-forwarded-for: 9.9.9.9"});
  ASSERT_TRUE(stranger);
  EXPECT_EQ(stranger->client, "198.51.100.7");
  EXPECT_EQ(stranger->filters, std::vector<std::string>{"headers"});
}

TEST(Explain, ChangesHeadersAsTheChainDoes) {
  test::Loaded loaded(
      "listeners:\n  web:\n    address: 127.0.0.1:80\n    filters:\n      - http\n"
      "      - headers: { request: { remove: [ x-secret ], set: { x-f: \"%route%\" } } }\n"
      "      - { name: refuses, ip_filter: { deny: [ 10.0.0.0/8 ] } }\n"
      "      - { name: more, headers: { request: { append: { x-f: more } } } }\n"
      "      - router: { routes: r }\n"
      "routes: { r: [ { name: all, cluster: c } ] }\n"
      "clusters: { c: { endpoints: [ 10.0.0.1:80 ] } }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  Question question = Question::parse("http://a.example/").value();
  question.headers = {"x-secret: tok"};
  const Explanation found = explain(loaded.snapshot(), question).value();
  std::string names;
  for (const auto& [name, value] : found.headers) names += name + "=" + value + " ";
  EXPECT_EQ(names.find("x-secret"), std::string::npos) << names;
  EXPECT_NE(names.find("x-f=all x-f=more "), std::string::npos) << names;
}

TEST(Explain, RoutesByWhatIsLeftOfTheHead) {
  const auto names = [](const Explanation& found) {
    std::string text;
    for (const auto& [name, value] : found.headers) text += name + " ";
    return text;
  };
  const auto dropped = explained("http://a.example/", {"connection: x-canary", "x-canary: 1"});
  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->kind, Explanation::Kind::NoRoute);
  const auto id = explained("http://mine.example/", {"x-request-id: abc", "keep-alive: 5"});
  ASSERT_TRUE(id);
  EXPECT_EQ(names(*id), "x-request-id x-forwarded-for x-forwarded-proto x-forwarded-host a ");
  EXPECT_EQ(id->headers.front().second, "00000000000000000000000000000000");
  const auto trusted = explained("http://mine.example/", {"x-request-id: abc"}, {}, "192.0.2.1");
  ASSERT_TRUE(trusted);
  EXPECT_EQ(trusted->headers.front().second, "abc");
}

TEST(Explain, TellsAnswersOfWeirsOwn) {
  const auto redirect = explained("GET http://a.example:80/v1/x?y");
  ASSERT_TRUE(redirect);
  EXPECT_EQ(redirect->kind, Explanation::Kind::Redirect);
  EXPECT_EQ(redirect->status, 308);
  EXPECT_EQ(redirect->location, "http://a.example:80/v2/x?y");
  const auto respond = explained("GET http://b.example/", {}, {"closed"});
  ASSERT_TRUE(respond);
  EXPECT_EQ(respond->kind, Explanation::Kind::Respond);
  EXPECT_EQ(respond->status, 503);
  EXPECT_EQ(respond->route, "#5");
  EXPECT_EQ(respond->where, "weir.yaml:26:7");
  const auto none = explained("GET http://b.example/");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->kind, Explanation::Kind::NoRoute);
  EXPECT_EQ(none->status, 404);
  EXPECT_EQ(none->refused.size(), 6u);
  const auto invalid = explained("GET http://b.example/%00");
  ASSERT_TRUE(invalid);
  EXPECT_EQ(invalid->kind, Explanation::Kind::Invalid);
  EXPECT_EQ(invalid->status, 400);
}

TEST(Explain, RefusesForTheReasonThatTheLogHas) {
  const std::pair<const char*, const char*> refused[] = {
      {"/é", "bad_target"},    {"/?é", "bad_target"},   {"/a\\b", "bad_target"},
      {"/%zz", "bad_escape"},  {"/%00", "escaped_nul"}, {"/..", "path_above_root"},
      {"/a b", "bad_version"},
  };
  for (const auto& [target, error] : refused) {
    const auto found = explained(std::string("GET http://a.example") + target);
    ASSERT_TRUE(found) << target;
    EXPECT_EQ(found->kind, Explanation::Kind::Invalid) << target;
    EXPECT_EQ(found->http_error, error) << target;
  }
  EXPECT_EQ(explained("GET http://a.example/%C3%A9")->http_error, "");
}

TEST(Explain, TellsConnectionsThatSpeakNoHttp) {
  const auto inside = explained("GET http://a.example/", {}, {}, "10.1.1.1");
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->kind, Explanation::Kind::Tcp);
  EXPECT_EQ(inside->chain, "inside");
  const auto other = explained("GET http://a.example:8080/");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->listener, "other");
  EXPECT_EQ(other->kind, Explanation::Kind::Tcp);
  const auto elsewhere = explained("GET http://a.example:99/");
  ASSERT_TRUE(elsewhere);
  EXPECT_EQ(elsewhere->listener, "web");
  EXPECT_EQ(elsewhere->note, "none has port 99: this is the first that speaks HTTP");
}

TEST(Explain, TellsFiltersThatRefuseAClientWhateverTheRouteDoes) {
  test::Loaded loaded(
      "listeners:\n"
      "  web:\n"
      "    address: 127.0.0.1:80\n"
      "    accept: [ { ip_filter: { deny: 10.0.0.1 } } ]\n"
      "    filters:\n"
      "      - http: { trusted_proxies: 192.0.2.1 }\n"
      "      - { name: inside, ip_filter: { deny: 10.0.0.0/8 } }\n"
      "      - { router: { routes: r } }\n"
      "routes:\n"
      "  r:\n"
      "    - { name: open, match: { path: /open }, respond: {}, filters: [ { name: inside, "
      "enabled: false } ] }\n"
      "    - { name: a, match: { path: /a }, respond: {} }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const auto ask = [&](std::string_view path, const std::string& from) {
    Question question = Question::parse("http://x" + std::string(path)).value();
    question.from = from;
    question.headers = {"x-forwarded-for: 10.0.0.3"};
    return explain(loaded.snapshot(), question).value();
  };
  const Explanation refused = ask("/a", "10.0.0.2");
  EXPECT_EQ(refused.kind, Explanation::Kind::Filter);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.route, "a");
  EXPECT_TRUE(to_text(refused, "")
                  .ends_with("answer         403: inside refuses all that come from 10.0.0.2\n"))
      << to_text(refused, "");
  EXPECT_NE(to_json(refused).find("\"kind\": \"filter\""), std::string::npos);
  EXPECT_NE(to_json(refused).find("\"filter\": \"inside\""), std::string::npos);
  EXPECT_EQ(ask("/none", "10.0.0.2").status, 403) << "also without a route";
  EXPECT_EQ(ask("/a", "192.0.2.1").status, 403) << "the client is who the proxy names";
  EXPECT_EQ(ask("/a", "192.0.2.2").status, 200);
  EXPECT_EQ(ask("/open", "10.0.0.2").status, 200) << "the route switches it off";
  const Explanation closed = ask("/a", "10.0.0.1");
  EXPECT_EQ(closed.kind, Explanation::Kind::Closed);
  EXPECT_TRUE(to_text(closed, "")
                  .ends_with("answer         the connection is closed: ip_filter refuses all that "
                             "come from 10.0.0.1\n"))
      << to_text(closed, "");
}

TEST(Explain, TakesTheListenerThatAnAddressMeans) {
  const std::string chain = "filters: [ http, { router: { routes: r } } ]";
  test::Loaded loaded("listeners:\n  one: { address: 127.0.0.1:80, " + chain +
                      " }\n  two: { address: [ 127.0.0.2:80, \"[::1]:80\" ], " + chain +
                      " }\n  long: { address: 127.0.0.20:80, " + chain +
                      " }\n  file: { address: /run/x.sock, " + chain +
                      " }\nroutes:\n  r:\n    - { match: { client_ip: 127.0.0.0/8 }, respond: { "
                      "status: 200 } }\n    - { redirect: { host: \"%header.h%\" } }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const auto ask = [&](std::string_view url, std::string listener = {}) {
    Question question = Question::parse(url).value();
    question.listener = std::move(listener);
    return explain(loaded.snapshot(), question).value();
  };
  EXPECT_EQ(ask("http://127.0.0.2/").listener, "two@127.0.0.2:80");
  EXPECT_EQ(ask("http://127.0.0.20:80/").listener, "long") << "127.0.0.2 is another one";
  EXPECT_EQ(ask("http://[::1]/").listener, "two@[::1]:80");
  EXPECT_EQ(ask("http://a/").listener, "one");
  EXPECT_EQ(ask("http://a/").note, "3 more fit: name one with --listener");
  EXPECT_EQ(ask("http://a/", "two").listener, "two@127.0.0.2:80");
  Question misspelt = Question::parse("GET http://a/").value();
  misspelt.listener = "wto";
  EXPECT_EQ(explain(loaded.snapshot(), misspelt).error().message,
            "there is no listener 'wto', did you mean 'two'?");
  const Explanation file = ask("http://a/", "file");
  EXPECT_EQ(file.client, "") << "nobody has an address there";
  EXPECT_EQ(file.kind, Explanation::Kind::Invalid) << "a redirect without a host";
  EXPECT_EQ(file.status, 400);
}

TEST(Explain, SaysWhenNoListenerFits) {
  test::Loaded loaded(
      "listeners: { data: { address: 127.0.0.1:80, filters: [ { tcp_proxy: { cluster: c } } ] } }\n"
      "clusters: { c: { endpoints: [ 127.0.0.1:81 ] } }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  Question question = Question::parse("http://a:1/").value();
  EXPECT_EQ(explain(loaded.snapshot(), question).error().message, "no listener speaks HTTP");
  question.listener = "dtaa";
  EXPECT_EQ(explain(loaded.snapshot(), question).error().message,
            "there is no listener 'dtaa', did you mean 'data'?");
}

TEST(Explain, SaysWhichQuestionsItCannotAnswer) {
  EXPECT_EQ(
      explained("GET").error().message,
      "expected a URL such as https://shop.example/cart, behind its method unless that is GET");
  EXPECT_EQ(
      explained("ftp://a/").error().message,
      "expected a URL such as https://shop.example/cart, behind its method unless that is GET");
  EXPECT_EQ(explained("http:///a").error().message, "the URL names no host");
  EXPECT_EQ(explained("http://a/#b").error().message,
            "a fragment (#…) is never sent: leave it out");
  EXPECT_EQ(explained("http://a/", {}, {"close"}).error().message,
            "no route asks for the flag 'close', did you mean 'closed'?");
  EXPECT_FALSE(explained("http://a/", {}, {}, "nowhere"));
}

TEST(Explain, TakesTheHostOfTheUrlAlone) {
  EXPECT_EQ(
      explained("http://127.0.0.1:8080/x?y", {"X-A: b", "Host: shop.example"}).error().message,
      "the host is that of the URL: leave this field out, and ask 'GET "
      "http://shop.example:8080/x?y'");
  EXPECT_EQ(explained("PUT https://a.example/", {"host:b.example:81"}).error().message,
            "the host is that of the URL: leave this field out, and ask 'PUT "
            "https://b.example:81/'");
  EXPECT_TRUE(explained("http://a.example/", {"hosts: b"}));
}

TEST(Explain, ShowsTheRoutesOfTheHostBeforeOthers) {
  std::string text =
      "listeners: { web: { address: 127.0.0.1:80, filters: [ http, { router: { routes: r } } ] } "
      "}\n"
      "routes:\n  r:\n    - { name: mine, match: { host: a.example, path: /x }, respond: {} }\n";
  for (int i = 0; i < 30; ++i) {
    const std::string name = "other" + std::to_string(i);
    text += "    - { name: " + name + ", match: { host: " + name + ".example }, respond: {} }\n";
  }
  test::Loaded loaded(text);
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const Question question = Question::parse("http://a.example/y").value();
  const std::string said = to_text(explain(loaded.snapshot(), question).value(), question.text());
  EXPECT_NE(said.find("not mine: path: /y is not /x"), std::string::npos) << said;
  EXPECT_NE(said.find("not other29:"), std::string::npos) << said;
  EXPECT_NE(said.find("not other11:"), std::string::npos) << said;
  EXPECT_EQ(said.find("not other10:"), std::string::npos) << said;
  EXPECT_NE(said.find("nor 11 others that are farther off\n"), std::string::npos) << said;
}

constexpr const char* kHidden = R"(listeners:
  web: { address: 127.0.0.1:80, filters: [ http, { router: { routes: r } } ] }
routes:
  r:
    - { name: key, match: { headers: { X-Key: "${file:key.txt}" } }, cluster: web }
    - { name: cookie, match: { cookies: { k: { prefix: "${TOKEN}" } } }, cluster: web }
    - { name: many, match: { methods: [ GET, "${VERB:-PUT}", "A${PORT}" ] }, cluster: web }
    - { name: flag, match: { flag: "${TOKEN}" }, cluster: web }
    - { name: path, match: { path: "/${TOKEN}" }, cluster: web }
    - { name: moved, match: { host: moved.example }, redirect: "https://${TOKEN}.example/%path%" }
    - { name: to, match: { host: to.example }, redirect: { host: "${TOKEN}", prefix: /a } }
    - name: rest
      match: { client_ip: [ "${NET:-10.0.0.0/8}", 192.0.2.0/24 ] }
      cluster: web
      rewrite: { prefix: "/${TOKEN}", host: "${TOKEN}.example" }
      request_headers:
        set: { authorization: "Bearer ${TOKEN}", x-plain: "%client_ip%" }
        append: { x-more: "%method% ${file:key.txt}" }
clusters: { web: { endpoints: [ 10.0.0.1:80 ] } }
)";

// What comes of one request, for people and as JSON.
std::string told(std::string_view request, Texts texts = Texts::Shown) {
  test::Loaded loaded(kHidden);
  EXPECT_TRUE(loaded.ok()) << loaded.problems();
  Question question = Question::parse(request).value();
  question.from = "10.0.0.1";
  const Explanation found = explain(loaded.snapshot(), question, texts).value();
  return to_text(found, question.text()) + to_json(found);
}

TEST(Explain, ShowsWhatCameFromVariablesAndFilesAsItWasWritten) {
  const std::string all = told("POST http://a/x") + told("POST http://moved.example/y") +
                          told("POST http://to.example/y");
  for (const char* written :
       {"not cookie: cookies.k: absent, which is not prefix ${TOKEN}",
        "not key: headers.x-key: absent, which is not ${file:key.txt}",
        "not many: methods: POST is not ${VERB:-PUT} or A${PORT}",
        "not flag: flag: ${TOKEN} is not on", "not path: path: /x is not /${TOKEN}",
        "redirect       308 to https://${TOKEN}.example/%path%\n",
        "redirect       308 to (hidden)\n", "upstream       (hidden)\n",
        "host           ${TOKEN}.example\n", "authorization: Bearer ${TOKEN}\n",
        "x-plain: 10.0.0.1\n", "x-more: %method% ${file:key.txt}\n"}) {
    EXPECT_NE(all.find(written), std::string::npos) << written << " in\n" << all;
  }
  EXPECT_EQ(all.find("t0kenenv"), std::string::npos) << all;
  EXPECT_EQ(all.find("s3cr3tfile"), std::string::npos) << all;
  EXPECT_EQ(all.find("9000"), std::string::npos) << all;
}

TEST(Explain, HasTheTextsThemselvesForComparisons) {
  const std::string all = told("POST http://a/x", Texts::Real);
  EXPECT_NE(all.find("host           t0kenenv.example\n"), std::string::npos) << all;
  EXPECT_NE(all.find("authorization: Bearer t0kenenv\n"), std::string::npos) << all;
}

TEST(Explain, IsPrintedForPeopleAndTools) {
  const auto found = explained("http://mine.example/a");
  ASSERT_TRUE(found);
  const auto question = Question::parse("http://mine.example/a");
  const std::string text = to_text(*found, question->text());
  EXPECT_NE(text.find("route          mine  weir.yaml:27:7\n"), std::string::npos) << text;
  EXPECT_NE(
      text.find("               not api: host: mine.example is not a.example  weir.yaml:20:7\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("cluster        web  10.0.0.1:80"), std::string::npos) << text;
  const std::string json = to_json(*found);
  EXPECT_NE(json.find("\"route\": \"mine\""), std::string::npos) << json;
}

constexpr const char* kByName = R"(listeners:
  tls:
    address: 127.0.0.1:443
    chains:
      - { name: inside, match: { sni: "*.shop.example", client_ip: 10.0.0.0/8 }, filters: [ { tcp_proxy: { cluster: c } } ] }
      - { name: shop, match: { sni: [ shop.example, "*.shop.example" ] }, filters: [ { tcp_proxy: { cluster: c } } ] }
      - { name: acme, match: { alpn: acme-tls/1 }, filters: [ { tcp_proxy: { cluster: c } } ] }
      - { name: rest, filters: [ { tcp_proxy: { cluster: c } } ] }
clusters: { c: { endpoints: [ 10.0.0.1:80 ] } }
)";

// The chain that is chosen, and why those before it are not.
std::string chain_of(const std::string& request, std::optional<std::string> sni = {},
                     std::vector<std::string> alpn = {}) {
  const test::Loaded loaded(kByName);
  EXPECT_TRUE(loaded.ok()) << loaded.problems();
  auto question = Question::parse(request).value();
  question.from = "198.51.100.7";
  question.sni = std::move(sni);
  question.alpn = std::move(alpn);
  const auto found = explain(loaded.snapshot(), question);
  if (!found) return found.error().message;
  return found->chain + " (" + found->sni + ")\n" + refused(found->refused_chains);
}

TEST(Explain, TakesTheHostOfAnHttpsUrlAsServerName) {
  EXPECT_EQ(chain_of("https://A.shop.example:443/"),
            "shop (a.shop.example)\n"
            "inside  client_ip: 198.51.100.7 is not in 10.0.0.0/8\n");
  EXPECT_EQ(chain_of("https://a.example/"),
            "rest (a.example)\n"
            "inside  client_ip: 198.51.100.7 is not in 10.0.0.0/8\n"
            "shop  sni: a.example is not shop.example or *.shop.example\n"
            "acme  alpn: h2 or http/1.1 is not acme-tls/1\n");
}

TEST(Explain, TakesWhatIsSaidOfTheHandshake) {
  EXPECT_EQ(chain_of("https://a.example/", "b.shop.example").substr(0, 22),
            "shop (b.shop.example)\n");
  EXPECT_EQ(chain_of("http://a.example:443/", "", {"acme-tls/1"}),
            "acme ()\n"
            "inside  client_ip: 198.51.100.7 is not in 10.0.0.0/8\n"
            "shop  sni: none is not shop.example or *.shop.example\n");
  EXPECT_EQ(chain_of("https://a.example/", "a b"),
            "'a b' is no server name: clients with it are refused");
}

TEST(Explain, TellsWhereThereIsNoHandshakeOrNoName) {
  EXPECT_EQ(chain_of("http://a.shop.example:443/"),
            "rest ()\n"
            "inside  client_ip: 198.51.100.7 is not in 10.0.0.0/8\n"
            "shop  sni: there is no TLS handshake in which it would be said\n"
            "acme  alpn: there is no TLS handshake in which it would be said\n");
  EXPECT_EQ(chain_of("https://127.0.0.1/").substr(0, 8), "rest ()\n");
  EXPECT_EQ(chain_of("https://[::1]:443/").substr(0, 8), "rest ()\n");
}

TEST(Explain, ShowsServerNamesFromVariablesAsTheyAreWritten) {
  std::string text = kByName;
  text.replace(text.find("[ shop.example,"), 15, "[ \"${TOKEN}\",");
  const test::Loaded loaded(text);
  auto question = Question::parse("https://a.example/").value();
  question.from = "198.51.100.7";
  const auto found = explain(loaded.snapshot(), question);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->refused_chains.at(1).why, "sni: a.example is not ${TOKEN}");
}

TEST(Explain, AsksRoutesForTheServerNameToo) {
  const test::Loaded loaded(
      "listeners: { web: { address: 127.0.0.1:443, filters: [ http, { router: { routes: r } } ] } "
      "}\n"
      "routes:\n"
      "  r:\n"
      "    - { name: shop, match: { sni: \"*.shop.example\" }, respond: { status: 204 } }\n"
      "    - { name: rest, redirect: https }\n");
  ASSERT_TRUE(loaded.ok()) << loaded.problems();
  const auto route_of = [&](std::string_view request) {
    const auto found = explain(loaded.snapshot(), Question::parse(request).value());
    return found ? found->route + " " + refused(found->refused) : found.error().message;
  };
  EXPECT_EQ(route_of("https://a.shop.example/"), "shop ");
  EXPECT_EQ(route_of("https://shop.example/"),
            "rest shop weir.yaml:4:7 sni: shop.example is not *.shop.example\n");
  EXPECT_EQ(route_of("http://a.shop.example:443/"),
            "rest shop weir.yaml:4:7 sni: none is not *.shop.example\n");
}

}  // namespace
}  // namespace weir::config
