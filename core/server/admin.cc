#include "core/server/admin.h"

#include "core/base/log.h"
#include "core/filter/stream.h"
#include "core/net/socket.h"
#include "core/net/socket_transport.h"

namespace weir::server {
namespace {

constexpr std::size_t kPiece = 32 * 1024;

PageFormat format_of(const http::Request& request, const AdminRequest& asked) {
  const auto accept = request.headers.get(http::HeaderId::Accept).value_or("");
  const bool json = asked.parameter("json").has_value() ||
                    accept.find("application/json") != std::string_view::npos;
  return json ? PageFormat::AsJson : PageFormat::AsText;
}

}  // namespace

// One request and its answer.
class Admin::Terminal final : public filter::HttpTerminal {
 public:
  Terminal(Admin& admin, filter::Stream& stream) : admin_(admin), stream_(stream) {}
  ~Terminal() override { stop_waiting(); }

  void on_request(bool end) override {
    const http::Request& request = stream_.request();
    asked_.path = request.path;
    asked_.query = request.query;
    asked_.format = format_ = format_of(request, asked_);
    asked_.change = request.method == http::Method::Post;
    asked_.full_access = admin_.access_ == Access::Full;
    const bool known = request.method == http::Method::Get ||
                       request.method == http::Method::Head || asked_.change;
    if (!known || (asked_.change && admin_.access_ == Access::ReadOnly)) {
      const bool may_change = admin_.access_ == Access::Full;
      stream_.response().headers.add_view(http::HeaderId::Allow,
                                          may_change ? "GET, HEAD, POST" : "GET, HEAD");
      refuse(405, may_change ? "only GET, HEAD and POST\n"
                             : "only GET and HEAD: changes are made by weir ctl\n");
    } else if (end) {
      ask();
    }
  }
  void on_request_body(Buffer& data, bool end) override {
    for (const Slice& slice : data.slices()) asked_.body += slice.view();
    data.clear();
    if (answered_) return;
    if (asked_.body.size() > kMaxBody) {
      refuse(413, "the body is too large\n");
    } else if (end) {
      ask();
    }
  }
  void on_request_trailers(http::HeaderMap&) override {
    if (!answered_) ask();
  }
  void on_response_paused(bool paused) override {
    paused_ = paused;
    if (!paused) send();
  }
  void on_cancel() override {
    stop_waiting();
    body_.clear();
  }

 private:
  // The question goes with the stream, and the answer may come later.
  void ask() {
    waiting_ = true;
    ticket_ = admin_.waiting_.add(*this);
    admin_.handler_(std::move(asked_), [&admin = admin_, ticket = ticket_](AdminAnswer answer) {
      Terminal* terminal = admin.waiting_.find(ticket);
      if (terminal == nullptr) return;
      terminal->stop_waiting();
      terminal->answer(std::move(answer));
    });
  }

  void stop_waiting() {
    if (waiting_) admin_.waiting_.remove(ticket_);
    waiting_ = false;
  }

  void refuse(std::uint16_t status, std::string_view why) {
    asked_.body.clear();
    answer({status, std::string(why), "text/plain; charset=utf-8"});
  }

  void answer(AdminAnswer answer) {
    if (answer.type.empty()) {
      answer.type =
          format_ == PageFormat::AsJson ? "application/json" : "text/plain; charset=utf-8";
    }
    answered_ = true;
    http::Response& response = stream_.response();
    response.status = answer.status;
    response.body = http::BodyKind::Length;
    response.content_length = answer.text.size();
    response.headers.add_view(http::HeaderId::ContentType, answer.type);
    response.headers.add_view(http::HeaderId::CacheControl, "no-store");
    body_.append_copy(stream_.reactor().blocks(), answer.text);
    stream_.respond_head(body_.empty());
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
  AdminRequest asked_;
  Buffer body_;
  SlotId ticket_;
  PageFormat format_ = PageFormat::AsText;
  bool waiting_ = false;
  bool answered_ = false;
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

Admin::Admin(event::Reactor& reactor, Access access, MakeHttpCodec make_http, Handler handler)
    : reactor_(reactor), access_(access), handler_(std::move(handler)) {
  chain_.name = "admin";
  chain_.terminal = make_http();
  chain_.http = std::make_unique<filter::HttpChain>();
  chain_.http->settings.request_id = false;
  chain_.http->terminal = std::make_unique<TerminalFactory>(*this);
  host_.listener = host_.name = "admin";
  host_.chain = &chain_;
}

Admin::~Admin() {
  stop_listening();
  WEIR_ASSERT(open_ == 0);
}

Result<Admin::Socket> Admin::open(const net::Address& address, std::string_view where) const {
  if (listener_ != nullptr && address == asked_ && file_.is_there()) {
    return Socket{asked_, bound_, {}};
  }
  net::Address bound = address;
  net::ListenOptions options;
  options.unix_mode = 0600;
  auto sockets = net::listen_on(bound, options);
  if (!sockets) {
    Error error = std::move(sockets).error();
    error.message = std::string(where.empty() ? "admin" : where) + ": " + error.message;
    return error;
  }
  net::SocketFile file(bound);
  return Socket{address, bound, std::move(sockets->front()), std::move(file)};
}

void Admin::listen(Socket socket) {
  if (!socket.descriptor) return;
  stop_listening();
  net::Listener::Owner& owner = *this;
  listener_ = std::make_unique<net::Listener>(reactor_.loop(), std::move(socket.descriptor), owner);
  asked_ = socket.asked;
  bound_ = socket.bound;
  file_ = std::move(socket.file);
}

void Admin::stop_listening() {
  listener_.reset();
  file_ = net::SocketFile();
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
