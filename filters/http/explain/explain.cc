#include "filters/http/explain/explain.h"

#include "core/filter/http_context.h"
#include "core/filter/route_explainer.h"
#include "core/filter/stream.h"

namespace weir::filters {
namespace {

class Explain final : public filter::HttpFilter {
 public:
  explicit Explain(const std::string& header) : header_(header) {}

  filter::Verdict on_request(filter::HttpContext& context, http::Request&, bool) override {
    const std::string text = explain(context.stream(), context.order());
    return context.respond(
        {.status = 200, .why = filter::Reason::FilterReply, .body = text, .content_type = kText});
  }

 private:
  static constexpr std::string_view kText = "text/plain; charset=utf-8";

  // The route is the one that was chosen; what it and the filters behind this one would change is
  // done to a copy.
  std::string explain(filter::Stream& stream, std::uint32_t order) const {
    const http::Request& asked = stream.request();
    http::Request request(stream.arena());
    request.method = asked.method;
    request.method_name = asked.method_name;
    request.scheme = asked.scheme;
    request.authority = asked.authority;
    request.host = asked.host;
    request.path = asked.path;
    request.query = asked.query;
    for (const http::Header& header : asked.headers.all()) {
      if (header.name() != header_) request.headers.add(header.name(), header.value());
    }
    route::ExchangeView view = stream.view();
    view.request = &request;
    filter::Explanation done;
    done.listener = stream.connection().listener;
    done.address = stream.connection().local.to_string();
    done.sni = view.sni;
    done.chain = view.chain;
    done.peer = view.peer->is_ip() ? view.peer->ip() : view.peer->to_string();
    done.client = view.client_ip;
    filter::explain_route(stream.chain(), request, view, stream.arena(), stream.route(), order,
                          filter::Texts::Shown, done);
    return to_text(done, std::string(asked.method_name) + " " + std::string(asked.scheme) + "://" +
                             std::string(asked.authority) + std::string(asked.path) +
                             std::string(asked.query));
  }

  const std::string& header_;
};

class ExplainFactory final : public filter::HttpFilterFactory {
 public:
  explicit ExplainFactory(ExplainSettings settings)
      : HttpFilterFactory(filter::hooks_of<Explain>()), settings_(std::move(settings)) {}

  filter::HttpFilter* join(filter::Stream& stream) const override {
    if (!stream.request().headers.get(settings_.header)) return nullptr;
    if (stream.chain().routes == nullptr) return nullptr;
    if (!settings_.from.contains(*stream.view().client)) return nullptr;
    return stream.arena().make<Explain>(settings_.header);
  }

 private:
  ExplainSettings settings_;
};

}  // namespace

std::unique_ptr<filter::HttpFilterFactory> make_explain(ExplainSettings settings) {
  return std::make_unique<ExplainFactory>(std::move(settings));
}

}  // namespace weir::filters
