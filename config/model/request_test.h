#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/map.h"
#include "config/model/question.h"
#include "config/schema.h"

namespace weir::config::model {

// `expect:` of a test: what is written must be so.
struct Expectation {
  std::vector<std::uint16_t> status;
  std::optional<std::string> redirect;
  std::vector<std::string> cluster;
  std::vector<std::string> route;
  std::optional<std::string> listener;
  std::optional<std::string> chain;
  std::optional<std::string> client;
  std::optional<std::string> path;
  std::optional<std::string> host;
  Map<std::string> headers;
  std::optional<std::vector<std::string>> filters;

  static constexpr std::string_view type_name = "expectation";
  static constexpr auto fields = std::tuple{
      field("status", &Expectation::status,
            "of an answer that Weir gives itself; a list of all that `percent` may lead to")
          .range(200, 599)
          .one_or_many(),
      field("redirect", &Expectation::redirect, "the whole URL that a redirect leads to"),
      field("cluster", &Expectation::cluster, "where it goes: the cluster, or all that share it")
          .one_or_many(),
      field("route", &Expectation::route,
            "the route that is chosen, by name; all of them where `percent` chooses")
          .one_or_many(),
      field("listener", &Expectation::listener, "by name"),
      field("chain", &Expectation::chain, "by name"),
      field("client", &Expectation::client, "the client's address, as trusted proxies name it"),
      field("path", &Expectation::path, "as it goes upstream, with the query"),
      field("host", &Expectation::host, "as it goes upstream"),
      field("headers", &Expectation::headers, "that go upstream, by name"),
      field("filters", &Expectation::filters, "of HTTP that join, in their order")};

  bool check(const Node& node, Reading& reading) const;
};

// One item of `tests:`.
struct RequestTest {
  Located<std::string> request;
  Map<std::string> headers;
  Located<std::string> from{"127.0.0.1", {}};
  std::string listener;
  std::vector<std::string> flags;
  Located<std::string> sni;
  std::vector<std::string> alpn;
  Expectation expect;
  Position where;

  static constexpr std::string_view type_name = "test";
  static constexpr auto fields = std::tuple{
      field("request", &RequestTest::request,
            "such as GET https://shop.example/cart; GET without a method")
          .required(),
      field("headers", &RequestTest::headers,
            "fields of the request, by name; its host is that of the URL"),
      field("from", &RequestTest::from, "the address of who connects"),
      field("listener", &RequestTest::listener, "by name, in place of the port of the URL"),
      field("flags", &RequestTest::flags, "flags that are on").one_or_many(),
      field("sni", &RequestTest::sni,
            "the server name in the TLS handshake, \"\" for none; the host of an https URL unless "
            "written"),
      field("alpn", &RequestTest::alpn,
            "the protocols that it offers; h2 and http/1.1 unless written")
          .one_or_many(),
      field("expect", &RequestTest::expect, "what must come of it").required()};

  bool check_values(Reading& reading) const;

 private:
  bool check_headers(const Question& question, Reading& reading) const;
};

}  // namespace weir::config::model
