#include "filters/accept/proxy_protocol/proxy_protocol.h"

#include "filters/accept/proxy_protocol/proxy_header_parser.h"

namespace weir::filters {
namespace {

using filter::Verdict;

class Reader final : public filter::AcceptFilter {
 public:
  explicit Reader(bool optional) : optional_(optional) {}

  Verdict on_accept(filter::ConnectionInfo&) override { return Verdict::Pause; }

  Verdict on_peek(filter::ConnectionInfo& info, net::Connection& connection) override {
    ProxiedConnection proxied;
    Buffer& input = connection.input();
    const std::string_view bytes = input.pull_up(connection.blocks(), kMaxProxyHeader);
    switch (parse_proxy_header(bytes, proxied)) {
      case ProxyParse::Incomplete:
        // A client that says as little as "P" and ends may mean it, when no header is needed.
        return connection.input_ended() && optional_ ? Verdict::Continue : Verdict::Pause;
      case ProxyParse::Complete:
        input.consume(proxied.header_size);
        if (proxied.source) info.client = *proxied.source;
        if (proxied.destination) info.local = *proxied.destination;
        return Verdict::Continue;
      case ProxyParse::Absent:
        return optional_ ? Verdict::Continue : Verdict::Finish;
      case ProxyParse::Failed:
        break;
    }
    return Verdict::Finish;
  }

 private:
  bool optional_;
};

class ProxyProtocol final : public filter::AcceptFilterFactory {
 public:
  explicit ProxyProtocol(ProxyProtocolSettings settings) : settings_(std::move(settings)) {}

  std::unique_ptr<filter::AcceptFilter> create(event::Reactor&,
                                               const filter::ConnectionInfo& info) const override {
    if (!settings_.from.empty() && !settings_.from.contains(info.peer)) return nullptr;
    return std::make_unique<Reader>(settings_.optional);
  }

 private:
  ProxyProtocolSettings settings_;
};

}  // namespace

std::unique_ptr<filter::AcceptFilterFactory> make_proxy_protocol(ProxyProtocolSettings settings) {
  return std::make_unique<ProxyProtocol>(std::move(settings));
}

}  // namespace weir::filters
