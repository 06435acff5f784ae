#pragma once

#include <string>
#include <string_view>

#include "core/route/exchange_view.h"

namespace weir::route {

// An exchange to try routes on, with everything that a view of it needs.
class TestExchange {
 public:
  explicit TestExchange(std::string_view host = "shop.example", std::string_view path = "/",
                        std::string_view method = "GET") {
    request.method_name = arena.copy(method);
    request.scheme = "https";
    request.host = arena.copy(host);
    request.authority = request.host;
    request.path = arena.copy(path);
    view.request = &request;
    view.response = &response;
    view.vars = &vars;
    view.client = &client;
    view.peer = &peer;
    view.local = &local;
  }
  TestExchange(const TestExchange&) = delete;
  TestExchange& operator=(const TestExchange&) = delete;

  TestExchange& header(std::string_view name, std::string_view value) {
    request.headers.add_view(http::header_id(name), arena.copy(name), arena.copy(value));
    return *this;
  }
  TestExchange& query(std::string_view text) {
    request.query = arena.copy(text);
    return *this;
  }

  Arena arena;
  http::Request request{arena};
  http::Response response{arena};
  http::Variables vars{arena};
  net::Address client = net::Address::parse("198.51.100.7:4711").value();
  net::Address peer = net::Address::parse("10.0.0.1:4712").value();
  net::Address local = net::Address::parse("[2001:db8::1]:443").value();
  ExchangeView view;
};

}  // namespace weir::route
