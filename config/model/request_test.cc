#include "config/model/request_test.h"

#include "config/model/question.h"
#include "core/net/address.h"

namespace weir::config::model {

bool Expectation::check(const Node& node, Reading& reading) const {
  if (!node.entries().empty()) return true;
  return reading.error(node.where(),
                       "expects nothing, which always holds: write what must come of the request, "
                       "such as cluster, status or redirect");
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
  if (const auto address = net::Address::parse_ip(from.value); !address) {
    ok = reading.error_below("from", from.where, address.error().message);
  }
  return ok;
}

}  // namespace weir::config::model
