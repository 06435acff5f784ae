#include "core/filter/chain.h"

#include <algorithm>

namespace weir::filter {

ChainFit fit(const Chain& chain, const ConnectionInfo& info) {
  const auto& blocks = chain.match.client_ip;
  const bool of_client =
      blocks.empty() || std::any_of(blocks.begin(), blocks.end(), [&info](const net::Cidr& block) {
        return block.contains(info.client);
      });
  if (!of_client) return ChainFit::No;
  if (!chain.asks_hello()) return ChainFit::Yes;
  if (info.hello == nullptr) return info.hello_known ? ChainFit::No : ChainFit::WaitsForHello;
  route::ExchangeView view;
  view.client = &info.client;
  view.sni = info.hello->server_name;
  view.alpn = info.hello->protocols;
  return chain.condition.matches(view) ? ChainFit::Yes : ChainFit::No;
}

}  // namespace weir::filter
