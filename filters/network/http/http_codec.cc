#include "filters/network/http/http_codec.h"

#include "filters/network/http/h1_session.h"

namespace weir::filters {
namespace {

class HttpCodec final : public filter::NetworkTerminalFactory {
 public:
  std::unique_ptr<filter::NetworkTerminal> create(filter::Downstream& downstream) const override {
    return std::make_unique<H1Session>(downstream);
  }
};

}  // namespace

std::unique_ptr<filter::NetworkTerminalFactory> make_http_codec() {
  return std::make_unique<HttpCodec>();
}

}  // namespace weir::filters
