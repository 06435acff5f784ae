#include "core/server/admin.h"

#include <charconv>

#include "core/base/log.h"
#include "core/filter/stream.h"
#include "core/net/socket.h"
#include "core/net/socket_transport.h"
#include "core/server/metrics_text.h"

namespace weir::server {
namespace {

constexpr std::size_t kPiece = 32 * 1024;
constexpr std::size_t kDefaultRows = 1'000;
constexpr std::size_t kMostRows = 100'000;

// The value of `name` in a query that begins with "?"; "" for a name without a value.
std::optional<std::string_view> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    query.remove_prefix(1);
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) {
      return pair.substr(std::min(equals + 1, pair.size()));
    }
    query.remove_prefix(end);
  }
  return std::nullopt;
}

PageFormat format_of(const http::Request& request) {
  const auto accept = request.headers.get(http::HeaderId::Accept).value_or("");
  const bool json = query_value(request.query, "json").has_value() ||
                    accept.find("application/json") != std::string_view::npos;
  return json ? PageFormat::Json : PageFormat::Text;
}

std::size_t row_limit(const http::Request& request) {
  const std::string_view text = query_value(request.query, "limit").value_or("");
  std::size_t limit = kDefaultRows;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return std::min(limit, kMostRows);
}

}  // namespace

// Answers one request.
class Admin::Terminal final : public filter::HttpTerminal {
 public:
  Terminal(Admin& admin, filter::Stream& stream) : admin_(admin), stream_(stream) {}
  ~Terminal() override { stop_waiting(); }

  void on_request(bool) override {
    const http::Request& request = stream_.request();
    if (request.method != http::Method::Get && request.method != http::Method::Head) {
      stream_.response().headers.add_view(http::HeaderId::Allow, "GET, HEAD");
      answer(405, "only GET and HEAD\n");
      return;
    }
    format_ = format_of(request);
    if (request.path == "/") {
      answer(200, index_page(format_));
    } else if (request.path == "/ready") {
      answer_ready();
    } else if (request.path == "/metrics") {
      answer(200, admin_.source_.metrics(), MetricsText::kContentType);
    } else if (request.path == "/clusters") {
      answer(200, clusters_page(admin_.source_.clusters(), format_));
    } else if (request.path == "/connections") {
      wait_for_connections(row_limit(request));
    } else {
      format_ = PageFormat::Text;
      answer(404, "no such page; / lists them\n");
    }
  }
  void on_request_body(Buffer& data, bool) override { data.clear(); }
  void on_request_trailers(http::HeaderMap&) override {}
  void on_response_paused(bool paused) override {
    paused_ = paused;
    if (!paused) send();
  }
  void on_cancel() override {
    stop_waiting();
    body_.clear();
  }

 private:
  void answer_ready() {
    switch (admin_.source_.state()) {
      case AdminSource::State::Ready:
        answer(200, "ready\n", "text/plain");
        break;
      case AdminSource::State::Draining:
        answer(503, "draining\n", "text/plain");
        break;
    }
  }

  void wait_for_connections(std::size_t most) {
    waiting_ = true;
    ticket_ = admin_.waiting_.add(*this);
    admin_.source_.list_connections(
        most, [&admin = admin_, ticket = ticket_](const ConnectionRows& connections) {
          Terminal* terminal = admin.waiting_.find(ticket);
          if (terminal == nullptr) return;
          terminal->stop_waiting();
          terminal->answer(200, connections_page(connections, terminal->format_));
        });
  }

  void stop_waiting() {
    if (waiting_) admin_.waiting_.remove(ticket_);
    waiting_ = false;
  }

  void answer(std::uint16_t status, std::string_view text, std::string_view type = {}) {
    if (type.empty()) {
      type = format_ == PageFormat::Json ? "application/json" : "text/plain; charset=utf-8";
    }
    http::Response& response = stream_.response();
    response.status = status;
    response.body = http::BodyKind::Length;
    response.content_length = text.size();
    response.headers.add_view(http::HeaderId::ContentType, type);
    response.headers.add_view(http::HeaderId::CacheControl, "no-store");
    body_.append_copy(stream_.reactor().blocks(), text);
    stream_.respond_head(false);
    send();
  }

  void send() {
    while (!paused_ && !body_.empty()) {
      Buffer piece;
      body_.move_front(std::min(kPiece, body_.size()), piece);
      const bool end = body_.empty();
      stream_.respond_body(piece, end);
      if (end) return;
    }
  }

  Admin& admin_;
  filter::Stream& stream_;
  Buffer body_;
  SlotId ticket_;
  PageFormat format_ = PageFormat::Text;
  bool waiting_ = false;
  bool paused_ = false;
};

class Admin::TerminalFactory final : public filter::HttpTerminalFactory {
 public:
  explicit TerminalFactory(Admin& admin) : admin_(admin) {}
  filter::HttpTerminal* create(filter::Stream& stream) const override {
    return stream.arena().make<Terminal>(admin_, stream);
  }

 private:
  Admin& admin_;
};

class Admin::Connection final : public event::Deferred,
                                public ListNode<Connection>,
                                private filter::Downstream::Owner {
 public:
  Connection(Admin& admin, net::Descriptor socket, filter::ConnectionInfo info)
      : admin_(admin),
        downstream_(
            admin.reactor_,
            std::make_unique<net::SocketTransport>(admin.reactor_.loop(), std::move(socket)),
            std::move(info), *this) {}
  ~Connection() override { admin_.connection_over(); }

  filter::Downstream& downstream() { return downstream_; }

 private:
  filter::ChainHost* choose_chain(const filter::ConnectionInfo&) override { return &admin_.host_; }
  void on_downstream_closed(filter::Downstream&) override {
    unlink();
    admin_.reactor_.loop().retire(std::unique_ptr<event::Deferred>(this));
  }

  Admin& admin_;
  filter::Downstream downstream_;
};

Admin::Admin(event::Reactor& reactor, AdminSource& source, MakeHttpCodec make_http)
    : reactor_(reactor), source_(source) {
  chain_.name = "admin";
  chain_.terminal = make_http();
  chain_.http = std::make_unique<filter::HttpChain>();
  chain_.http->settings.request_id = false;
  chain_.http->terminal = std::make_unique<TerminalFactory>(*this);
  host_.listener = host_.name = "admin";
  host_.chain = &chain_;
}

Admin::~Admin() {
  WEIR_ASSERT(open_ == 0);
}

Result<Admin::Socket> Admin::open(const net::Address& address) const {
  if (listener_ != nullptr && address == asked_) return Socket{asked_, bound_, {}};
  net::Address bound = address;
  auto sockets = net::listen_on(bound, {});
  if (!sockets) {
    Error error = std::move(sockets).error();
    error.message = "admin: " + error.message;
    return error;
  }
  return Socket{address, bound, std::move(sockets->front())};
}

void Admin::listen(Socket socket) {
  if (!socket.descriptor) return;
  net::Listener::Owner& owner = *this;
  listener_ = std::make_unique<net::Listener>(reactor_.loop(), std::move(socket.descriptor), owner);
  asked_ = socket.asked;
  bound_ = socket.bound;
}

void Admin::stop_listening() {
  listener_.reset();
  bound_ = net::Address();
}

void Admin::close_all() {
  for (Connection* each = connections_.front(); each != nullptr;) {
    Connection* next = connections_.next(*each);
    each->downstream().close();
    each = next;
  }
}

void Admin::on_accept(net::Descriptor socket, const net::Address& peer) {
  filter::ConnectionInfo info;
  info.peer = info.client = peer;
  info.local = bound_;
  info.listener = "admin";
  ++open_;
  auto* connection = new Connection(*this, std::move(socket), std::move(info));
  connections_.push_back(*connection);
  connection->downstream().open({}, {}, 0);
  if (open_ <= kMaxConnections) return;
  // Who says nothing must not keep a probe out. It leaves the list at once, so that of many that
  // come in one turn each makes another one go.
  Connection* const oldest = connections_.pop_front();
  oldest->downstream().close();
}

void Admin::connection_over() {
  --open_;
}

void Admin::on_accept_trouble(int code) {
  log_warning("server", "admin: accepting pauses for a moment: {}",
              system_error("accept", code).message);
}

}  // namespace weir::server
