#include "filters/http/router/router.h"

#include "core/filter/stream.h"
#include "core/route/route.h"
#include "filters/http/router/answer.h"
#include "filters/http/router/forward.h"

namespace weir::filters {
namespace {

class RouterFactory final : public filter::HttpTerminalFactory {
 public:
  explicit RouterFactory(const upstream::ClusterTable& clusters) : clusters_(clusters) {}

  filter::HttpTerminal* create(filter::Stream& stream) const override {
    const route::Route* route = stream.route();
    if (route != nullptr && std::holds_alternative<route::ToCluster>(route->action)) {
      return stream.arena().make<Forward>(stream, *route, clusters_);
    }
    return stream.arena().make<Answer>(stream);
  }

 private:
  const upstream::ClusterTable& clusters_;
};

}  // namespace

std::unique_ptr<filter::HttpTerminalFactory> make_router(const upstream::ClusterTable& clusters) {
  return std::make_unique<RouterFactory>(clusters);
}

}  // namespace weir::filters
