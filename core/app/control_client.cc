#include "core/app/control_client.h"

#include <cerrno>

#include <sys/socket.h>
#include <sys/time.h>

#include "core/base/arena.h"
#include "core/http/h1_response_parser.h"
#include "core/net/address.h"
#include "core/net/descriptor.h"

namespace weir::app {
namespace {

Error no_answer(const std::string& path, std::string_view why) {
  return {ErrorOrigin::System, "the Weir at " + path + " gave no answer: " + std::string(why), 0};
}

Result<net::Descriptor> connect_to(const std::string& path, std::chrono::milliseconds patience) {
  WEIR_TRY(address, net::Address::parse("unix:" + path));
  net::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return system_error("cannot make a socket", errno);
  const timeval limit{patience.count() / 1'000, patience.count() % 1'000 * 1'000};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_storage storage;
  const socklen_t size = address.to_sockaddr(storage);
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&storage), size) == 0) return socket;
  const int code = errno;
  Error error = system_error("no Weir answers at " + path, code);
  if (code == ENOENT || code == ECONNREFUSED) {
    error.message += " (is it running, and is `admin: { socket: … }` that path?)";
  } else if (code == EACCES) {
    error.message += " (it is for the user that runs Weir, and for root)";
  }
  return error;
}

Result<void> send_all(const net::Descriptor& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return system_error("cannot send", errno);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<std::string> receive_all(const net::Descriptor& socket) {
  std::string all;
  char piece[65'536];
  for (;;) {
    const ssize_t got = recv(socket.get(), piece, sizeof piece, 0);
    if (got == 0) return all;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return Error{ErrorOrigin::System, "it is silent", 0};
    if (got < 0) return system_error("cannot receive", errno);
    if (all.size() + static_cast<std::size_t>(got) > kMaxReply) {
      return Error{ErrorOrigin::System, "the answer has no end", 0};
    }
    all.append(piece, static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<ControlReply> ask_control(const std::string& path, const ControlQuestion& question) {
  WEIR_TRY(socket, connect_to(path, question.patience));
  const http::Method method = question.change ? http::Method::Post : http::Method::Get;
  std::string request = (question.change ? "POST " : "GET ") + question.target +
                        " HTTP/1.1\r\nhost: weir\r\nconnection: close\r\n";
  if (question.change) {
    request += "content-length: " + std::to_string(question.body.size()) + "\r\n";
  }
  // What was refused may be answered before it was read.
  const Result<void> sent = send_all(socket, request + "\r\n" + question.body);
  auto received = receive_all(socket);
  if (!received) return no_answer(path, received.error().message);
  std::string all = *std::move(received);
  if (all.empty() && !sent) return no_answer(path, sent.error().message);
  http::H1ResponseParser parser;
  Arena arena;
  http::Response response(arena);
  if (parser.parse(all, method, response) != http::ParseStatus::Complete) {
    return no_answer(path, all.empty() ? "it closed the connection" : "it is not HTTP");
  }
  ControlReply reply{response.status, all.substr(parser.head_size())};
  if (reply.body.size() != response.content_length) return no_answer(path, "it ends too early");
  return reply;
}

}  // namespace weir::app
