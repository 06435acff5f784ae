#include "config/build/request_tests.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace weir::config {
namespace {

constexpr const char* kTested =
    "listeners: { web: { address: 127.0.0.1:80, filters: [ http, { router: { routes: r } } ] } }\n"
    "routes:\n"
    "  r:\n"
    "    - { name: closed, match: { flag: maintenance }, respond: { status: 503 } }\n"
    "    - { name: secure, match: { host: shop.example }, redirect: https }\n"
    "    - name: api\n"
    "      match: { prefix: /api }\n"
    "      cluster: { a: 1, b: 1 }\n"
    "      rewrite: { prefix: / }\n"
    "      request_headers: { set: { x-edge: yes } }\n"
    "clusters: { a: { endpoints: [ 10.0.0.1:80 ] }, b: { endpoints: [ 10.0.0.2:80 ] } }\n";

class RequestTests : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::path(testing::TempDir()) / "weir-tests-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    write("weir.yaml", kTested);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  TestReport run(const std::string& tests, const TestOptions& options = {}) {
    return run_request_tests({.paths = {write("t.yaml", "include: weir.yaml\ntests:\n" + tests)}},
                             options);
  }

  std::filesystem::path folder_;
};

TEST_F(RequestTests, PassWhenAllIsAsExpected) {
  const TestReport report =
      run("- { request: GET http://shop.example/a, expect: { redirect: https://shop.example/a, "
          "status: 308, route: secure, listener: web, chain: default, filters: [] } }\n"
          "- { request: http://x.example/, flags: maintenance, expect: { status: 503 } }\n"
          "- { request: http://x.example/, expect: { status: 404 } }\n"
          "- { request: \"POST http://x.example/api/v1?x\", from: 10.1.1.1, headers: { X-A: b }, "
          "expect: { "
          "cluster: [b, a], path: \"/v1?x\", host: x.example, client: 10.1.1.1, headers: { X-Edge: "
          "yes, "
          "x-a: b } } }\n");
  EXPECT_EQ(report.text, "");
  EXPECT_EQ(report.passed, 4u);
  EXPECT_EQ(report.failed, 0u);
  EXPECT_EQ(report.verdict, Verdict::Sound);
}

TEST_F(RequestTests, SayWhatTheHandshakeHas) {
  write(
      "weir.yaml",
      "listeners: { tls: { address: 127.0.0.1:443, chains: [\n"
      "  { name: shop, match: { sni: shop.example }, filters: [ { tcp_proxy: { cluster: a } } ] "
      "},\n"
      "  { name: acme, match: { alpn: acme-tls/1 }, filters: [ { tcp_proxy: { cluster: a } } ] },\n"
      "  { name: rest, filters: [ { tcp_proxy: { cluster: a } } ] } ] } }\n"
      "clusters: { a: { endpoints: [ 10.0.0.1:80 ] } }\n");
  const TestReport report = run(
      "- { request: https://shop.example/, expect: { chain: shop } }\n"
      "- { request: https://a.example/, sni: SHOP.example, expect: { chain: shop } }\n"
      "- { request: https://shop.example/, sni: '', alpn: acme-tls/1, expect: { chain: acme } }\n"
      "- { request: http://shop.example:443/, expect: { chain: rest } }\n");
  EXPECT_EQ(report.text, "");
  EXPECT_EQ(report.passed, 4u);
}

TEST_F(RequestTests, TellEachExpectationThatIsNotMetAndWhatHappensInstead) {
  const TestReport report =
      run("- { request: http://x.example/api/v1, expect: { status: 200, cluster: a, path: /api/v1, "
          "headers: { x-other: 1 } } }\n");
  EXPECT_EQ(report.failed, 1u);
  EXPECT_EQ(report.verdict, Verdict::AtFault);
  const std::string place =
      (folder_ / "t.yaml").string() + ":3:3: failed: http://x.example/api/v1: ";
  EXPECT_TRUE(report.text.starts_with(place + "cluster: expected [a], found [a, b]\n" + place +
                                      "status: expected 200, found none\n" + place +
                                      "path: expected /api/v1, found /v1\n" + place +
                                      "headers.x-other: expected 1, found none\n    request "))
      << report.text;
  EXPECT_NE(report.text.find("    route          api"), std::string::npos) << report.text;
}

TEST_F(RequestTests, TellWhatWasNotExpected) {
  const TestReport report = run(
      "- { request: http://x.example/, expect: { listener: other, chain: other, client: 10.9.9.9, "
      "host: other, filters: [ headers ] } }\n"
      "- { request: http://shop.example/a, expect: { redirect: https://other.example/a, route: "
      "[ api, closed ] } }\n");
  EXPECT_EQ(report.failed, 2u);
  std::string found;
  std::istringstream lines(report.text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find(": expected ");
    if (at != std::string::npos) found += line.substr(line.rfind(' ', at) + 1) + "\n";
  }
  EXPECT_EQ(found,
            "listener: expected other, found web\n"
            "chain: expected other, found default\n"
            "client: expected 10.9.9.9, found 127.0.0.1\n"
            "host: expected other, found none\n"
            "filters: expected [headers], found []\n"
            "route: expected [api, closed], found [secure]\n"
            "redirect: expected https://other.example/a, found https://shop.example/a\n")
      << report.text;
}

TEST_F(RequestTests, AreToldAsJsonToo) {
  const std::string tests =
      "- { request: http://x.example/api/v1, expect: { status: 200, path: /v1 } }\n"
      "- { request: http://x.example/api/v1, expect: { path: /v1 } }\n"
      "- { request: http://a/, flags: [none], expect: { status: 404 } }\n";
  const TestReport report = run(tests, {.json = true});
  const std::string begin =
      "{\n"
      "  \"passed\": 1,\n"
      "  \"failed\": 2,\n"
      "  \"errors\": 0,\n"
      "  \"warnings\": 0,\n"
      "  \"dropped\": 0,\n"
      "  \"problems\": [],\n"
      "  \"failures\": [\n"
      "    {\n"
      "      \"request\": \"http://x.example/api/v1\",\n"
      "      \"where\": \"" +
      (folder_ / "t.yaml").string() +
      ":3:3\",\n"
      "      \"misses\": [\n"
      "        {\n"
      "          \"key\": \"status\",\n"
      "          \"expected\": \"200\",\n"
      "          \"found\": null\n"
      "        }\n"
      "      ],\n"
      "      \"explanation\": {\n"
      "        \"kind\": \"cluster\",\n";
  EXPECT_EQ(report.text.substr(0, begin.size()), begin);
  const auto has = [](const TestReport& told, std::string_view text) {
    return told.text.find(text) != std::string::npos;
  };
  EXPECT_TRUE(has(report, "\"problem\": \"no route asks for the flag 'none'\"")) << report.text;
  const TestReport broken = run("- { request: 1 }\n", {.json = true});
  EXPECT_TRUE(has(broken, "\"path\": \"tests[0].expect\"")) << broken.text;
  EXPECT_TRUE(has(broken, "\"failures\": []")) << broken.text;
  const TestReport none =
      run_request_tests({.paths = {(folder_ / "weir.yaml").string()}}, {.json = true});
  EXPECT_TRUE(has(none, "\"message\": \"has no tests\"")) << none.text;
}

TEST_F(RequestTests, SayWhyARequestCannotBeAsked) {
  const TestReport report =
      run("- { request: http://a/, flags: [none], expect: { status: 404 } }\n");
  EXPECT_EQ(report.failed, 1u);
  EXPECT_NE(report.text.find(":3:3: failed: no route asks for the flag 'none'"), std::string::npos);
}

TEST_F(RequestTests, AreCheckedLikeAllElse) {
  const TestReport report = run("- { request: nowhere, from: a, expect: { status: 404 } }\n");
  EXPECT_EQ(report.verdict, Verdict::AtFault);
  EXPECT_NE(report.text.find(":3:14: error: tests[0].request: expected a URL such as "),
            std::string::npos)
      << report.text;
  EXPECT_NE(report.text.find(":3:29: error: tests[0].from: "), std::string::npos) << report.text;
}

TEST_F(RequestTests, KnowWhomAFilterRefuses) {
  write("weir.yaml",
        "listeners: { web: { address: 127.0.0.1:80, filters: [ http, { ip_filter: { deny: "
        "127.0.0.9 } }, { router: { routes: r } } ] } }\n"
        "routes: { r: [ { respond: {} } ] }\n");
  const TestReport report =
      run("- { request: http://a/, from: 127.0.0.9, expect: { status: 403 } }\n"
          "- { request: http://a/, expect: { status: 200 } }\n");
  EXPECT_EQ(report.passed, 2u) << report.text;
}

TEST_F(RequestTests, HoldForAllThatChanceMayChoose) {
  write("weir.yaml",
        "listeners: { web: { address: 127.0.0.1:80, filters: [ http, { router: { routes: r } } ] } "
        "}\n"
        "routes:\n"
        "  r:\n"
        "    - { name: p, match: { host: x, percent: 20 }, respond: { status: 200 } }\n"
        "    - { name: z, match: { host: x }, respond: { status: 201 } }\n"
        "    - { name: new, match: { host: y, percent: 20 }, cluster: a }\n"
        "    - { name: old, match: { host: y }, cluster: b }\n"
        "    - { name: away, match: { host: w, percent: 5 }, redirect: https }\n"
        "    - { name: here, match: { host: w }, cluster: b }\n"
        "clusters: { a: { endpoints: [ 10.0.0.1:80 ] }, b: { endpoints: [ 10.0.0.2:80 ] } }\n");
  const TestReport fits =
      run("- { request: http://x/, expect: { status: [201, 200], route: [p, z] } }\n"
          "- { request: http://y/, expect: { cluster: [a, b], path: / } }\n"
          "- { request: http://w/, expect: { route: [away, here] } }\n");
  EXPECT_EQ(fits.text, "");
  EXPECT_EQ(fits.passed, 3u);
  const TestReport others =
      run("- { request: http://x/, expect: { status: 201 } }\n"
          "- { request: http://y/, expect: { cluster: b } }\n"
          "- { request: http://w/, expect: { cluster: b } }\n"
          "- { request: http://w/, expect: { redirect: https://w/ } }\n");
  EXPECT_EQ(others.failed, 4u);
  for (const char* told :
       {"status: expected 201, found 200 by the route p\n", "cluster: expected [b], found [a, b]\n",
        "cluster: expected [b], found none by the route away\n",
        "redirect: expected https://w/, found none by the route here\n"}) {
    EXPECT_NE(others.text.find(told), std::string::npos) << told << others.text;
  }
}

TEST_F(RequestTests, MustExpectSomething) {
  const TestReport report = run("- { request: http://a/, expect: {} }\n");
  EXPECT_EQ(report.verdict, Verdict::AtFault);
  EXPECT_EQ(report.passed, 0u);
  EXPECT_NE(report.text.find(":3:33: error: tests[0].expect: expects nothing"), std::string::npos)
      << report.text;
}

TEST_F(RequestTests, GoToAPortThatAListenerHas) {
  const TestReport report =
      run("- { request: http://a/, expect: { status: 404 } }\n"
          "- { request: http://a:81/, expect: { status: 404 } }\n"
          "- { request: http://127.0.0.1:80/, expect: { status: 404 } }\n"
          "- { request: https://a/, expect: { status: 404 } }\n"
          "- { request: http://a:81/, listener: web, expect: { status: 404 } }\n");
  EXPECT_EQ(report.verdict, Verdict::AtFault);
  EXPECT_EQ(report.text,
            (folder_ / "t.yaml").string() +
                ":4:14: error: tests[1].request: no listener has port 81: they have 80\n");
}

TEST_F(RequestTests, NeedASoundConfigurationAndTests) {
  const std::string file = (folder_ / "weir.yaml").string();
  const TestReport none = run_request_tests({.paths = {file}}, {});
  EXPECT_EQ(none.verdict, Verdict::AtFault);
  EXPECT_EQ(none.text, file + ": error: has no tests\n");
  EXPECT_EQ(run_request_tests({.paths = {(folder_ / "gone.yaml").string()}}, {}).verdict,
            Verdict::Unreadable);
  const TestReport report = run("- { request: http://a/, expect: { stauts: 1 } }\n");
  EXPECT_EQ(report.verdict, Verdict::AtFault);
  EXPECT_NE(report.text.find("unknown key, did you mean 'status'?"), std::string::npos);
}

}  // namespace
}  // namespace weir::config
