#include "core/net/resolver.h"

#include <algorithm>

#include <ares.h>
#include <sys/time.h>

#include "core/event/poll.h"
#include "core/net/dns_lookup.h"

namespace weir::net {
namespace {

DnsReply::Outcome outcome_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
      return DnsReply::Outcome::Message;
    case ARES_ENODATA:
      return DnsReply::Outcome::NoData;
    case ARES_ENOTFOUND:
      return DnsReply::Outcome::NoName;
    default:
      return DnsReply::Outcome::Failed;
  }
}

const char* failure_of(int status) {
  switch (status) {
    case ARES_ETIMEOUT:
      return "no DNS server answered in time";
    // What c-ares also says when every server refused or failed to answer.
    case ARES_ECONNREFUSED:
      return "no DNS server gave a usable answer";
    case ARES_EBADNAME:
      return "not a valid name";
    default:
      return ares_strerror(status);
  }
}

}  // namespace

// What c-ares holds for a question.
struct Resolver::Asked {
  Resolver& resolver;
  std::unique_ptr<DnsReply> reply;
};

// One descriptor of c-ares, which opens and closes it.
class Resolver::Socket final : public event::Poll::Owner {
 public:
  Socket(Resolver& resolver, int descriptor)
      : resolver_(resolver), descriptor_(descriptor), poll_(resolver.loop_, descriptor, *this) {}

  void want(unsigned events) {
    wanted_ = events;
    poll_.want(events);
  }
  // c-ares does not say what it left unread; and an error, of which it may not have learned, has
  // ended the watching.
  void watch_again() {
    poll_.want(wanted_);
    poll_.ask_again();
  }

  void on_events(unsigned events) override {
    // c-ares may close the descriptor, and so destroy this.
    Resolver& resolver = resolver_;
    const int descriptor = descriptor_;
    ares_process_fd(resolver.channel_, events & event::kReadable ? descriptor : ARES_SOCKET_BAD,
                    events & event::kWritable ? descriptor : ARES_SOCKET_BAD);
    resolver.watch_again(descriptor);
    resolver.arm_timeout();
  }

 private:
  Resolver& resolver_;
  const int descriptor_;
  unsigned wanted_ = 0;
  event::Poll poll_;
};

Result<std::unique_ptr<Resolver>> Resolver::create(event::Loop& loop, Options options) {
  std::unique_ptr<Resolver> resolver(new Resolver(loop, std::move(options)));
  WEIR_TRY_VOID(resolver->open());
  return resolver;
}

Resolver::Resolver(event::Loop& loop, Options options)
    : loop_(loop),
      options_(std::move(options)),
      timeout_(event::Timer::of<&Resolver::on_timeout>(loop.timers(), this)) {}

Result<void> Resolver::open() {
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  if (library != ARES_SUCCESS) return Error{ErrorOrigin::System, ares_strerror(library)};

  ares_options settings = {};
  settings.timeout = options_.timeout_ms;
  settings.tries = options_.tries;
  settings.sock_state_cb_data = this;
  settings.sock_state_cb = [](void* self, int descriptor, int readable, int writable) {
    static_cast<Resolver*>(self)->watch(descriptor, (readable != 0 ? event::kReadable : 0u) |
                                                        (writable != 0 ? event::kWritable : 0u));
  };
  const int opened = ares_init_options(
      &channel_, &settings, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
  if (opened != ARES_SUCCESS) {
    return Error{ErrorOrigin::System,
                 std::string("cannot set up name resolution: ") + ares_strerror(opened)};
  }
  if (!options_.servers.empty() &&
      ares_set_servers_ports_csv(channel_, options_.servers.c_str()) != ARES_SUCCESS) {
    return config_error("\"" + options_.servers +
                        "\" is not a list of DNS servers such as \"10.0.0.53,[fd00::53]:5353\"");
  }

  ares_options system = {};
  int present = 0;
  if (ares_save_options(channel_, &system, &present) == ARES_SUCCESS) {
    search_.assign(system.domains, system.domains + std::max(system.ndomains, 0));
    dots_ = system.ndots;
  }
  ares_destroy_options(&system);
  if (options_.search) search_ = *options_.search;
  if (options_.dots) dots_ = *options_.dots;
  return {};
}

Resolver::~Resolver() {
  while (DnsLookup* lookup = lookups_.pop_front()) lookup->on_resolver_gone();
  if (channel_ != nullptr) ares_destroy(channel_);
}

void Resolver::ask(const std::string& name, DnsType type, std::unique_ptr<DnsReply> reply) {
  waiting_.push_back({name, type, std::move(reply)});
  send_waiting();
}

// Replies may ask again from inside: they only add to what this sends.
void Resolver::send_waiting() {
  constexpr int kInternet = 1;  // the class
  if (sending_) return;
  sending_ = true;
  while (in_flight_ < kMaxInFlight && !waiting_.empty()) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (!next.reply->wanted()) continue;
    ++in_flight_;
    ares_query(
        channel_, next.name.c_str(), kInternet, static_cast<int>(next.type),
        [](void* argument, int status, int, unsigned char* bytes, int size) {
          const std::unique_ptr<Asked> asked(static_cast<Asked*>(argument));
          asked->resolver.on_answer(*asked->reply, status, bytes, size);
        },
        new Asked{*this, std::move(next.reply)});
  }
  sending_ = false;
  arm_timeout();
}

void Resolver::on_answer(DnsReply& reply, int status, const unsigned char* bytes, int size) {
  --in_flight_;
  if (status == ARES_EDESTRUCTION) return;
  const DnsReply::Outcome outcome = outcome_of(status);
  if (outcome == DnsReply::Outcome::Message) {
    reply.on_reply(outcome, {bytes, static_cast<std::size_t>(size)}, "");
  } else {
    reply.on_reply(outcome, {}, failure_of(status));
  }
  send_waiting();
}

std::vector<std::string> Resolver::full_names(std::string_view name) const {
  if (name.ends_with('.')) return {std::string(name.substr(0, name.size() - 1))};
  std::vector<std::string> names;
  for (const std::string& domain : search_) names.push_back(std::string(name) + "." + domain);
  const bool complete = std::count(name.begin(), name.end(), '.') >= dots_;
  names.insert(complete ? names.begin() : names.end(), std::string(name));
  return names;
}

// Told by c-ares before it waits for a descriptor, and without events before it closes it.
void Resolver::watch(int descriptor, unsigned events) {
  if (events == 0) {
    sockets_.erase(descriptor);
    return;
  }
  std::unique_ptr<Socket>& socket = sockets_[descriptor];
  if (socket == nullptr) socket = std::make_unique<Socket>(*this, descriptor);
  socket->want(events);
}

void Resolver::watch_again(int descriptor) {
  const auto socket = sockets_.find(descriptor);
  if (socket != sockets_.end()) socket->second->watch_again();
}

void Resolver::on_timeout() {
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  arm_timeout();
}

void Resolver::arm_timeout() {
  timeval space;
  const timeval* left = ares_timeout(channel_, nullptr, &space);
  if (left == nullptr) {
    timeout_.cancel();
    return;
  }
  // Rounded up: c-ares does nothing when it is called a fraction too early.
  timeout_.arm(static_cast<std::uint64_t>(left->tv_sec) * 1000 +
               static_cast<std::uint64_t>(left->tv_usec) / 1000 + 1);
}

}  // namespace weir::net
