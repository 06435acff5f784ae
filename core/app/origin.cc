#include "core/app/origin.h"

#include "core/app/origin_exchange.h"
#include "filters/network/http/http_codec.h"

namespace weir::app {

server::LoadedSnapshot OriginSource::load(std::uint64_t number) {
  auto snapshot = std::make_unique<server::Snapshot>();
  snapshot->number = number;
  snapshot->workers = workers_;
  filter::Chain chain;
  chain.name = "origin";
  chain.terminal = filters::make_http_codec();
  chain.http = std::make_unique<filter::HttpChain>();
  chain.http->settings.request_id = false;
  chain.http->settings.forwarded_headers = false;
  // It shows what it gets, also what proxies say.
  const net::Cidr all[] = {net::Cidr::parse("0.0.0.0/0").value(), net::Cidr::parse("::/0").value()};
  chain.http->settings.trusted_proxies = net::CidrSet({std::begin(all), std::end(all)});
  chain.http->terminal = make_origin(name_);
  server::ListenerSpec& listener = snapshot->listeners.emplace_back();
  listener.name = name_;
  listener.address = address_;
  listener.max_connections = UINT32_MAX / 2;
  listener.chains.push_back(std::move(chain));
  return {std::move(snapshot)};
}

}  // namespace weir::app
