#include "config/model/request_test.h"

#include "core/net/address.h"

namespace weir::config::model {

bool Expectation::check(const Node& node, Reading& reading) const {
  if (!node.entries().empty()) return true;
  return reading.error(node.where(),
                       "expects nothing, which always holds: write what must come of the request, "
                       "such as cluster, status or redirect");
}

bool RequestTest::check_headers(const Question& question, Reading& reading) const {
  bool ok = true;
  const auto step = reading.enter("headers");
  for (const auto& header : headers) {
    const auto allowed = question.check_header(header.name, header.value);
    if (allowed || reading.unread(header.where)) continue;
    bool hidden = false;
    reading.written().below(reading.path().text(), [&](std::string_view name, std::string_view) {
      hidden = hidden || name == header.name;
    });
    ok = reading.error_below(header.name, header.where,
                             hidden ? "the host is that of the URL: write it there, and leave this "
                                      "field out"
                                    : allowed.error().message);
  }
  return ok;
}

bool RequestTest::check_values(Reading& reading) const {
  bool ok = true;
  const auto question = Question::parse(request.value);
  if (!question && request.where.known() && !reading.unread(request.where)) {
    ok = reading.error_below("request", request.where, question.error().message);
  }
  Question handshake;
  handshake.sni = sni.value;
  if (const auto hello = handshake.hello(); !hello && !reading.unread(sni.where)) {
    ok = reading.error_below("sni", sni.where, hello.error().message);
  }
  if (question && !check_headers(*question, reading)) ok = false;
  if (const auto address = net::Address::parse_ip(from.value); !address) {
    ok = reading.error_below("from", from.where, address.error().message);
  }
  return ok;
}

}  // namespace weir::config::model
