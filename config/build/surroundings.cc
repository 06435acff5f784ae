#include "config/build/surroundings.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

#include "core/base/journal_socket.h"
#include "core/server/kept_overrides.h"

namespace weir::config {

namespace {

// Whether a socket can be bound to the IP of `address`, whatever the port: asked without taking one
// that anybody connects to.
bool is_here(const net::Address& address) {
  sockaddr_storage storage{};
  const socklen_t size = address.with_port(0).to_sockaddr(storage);
  const int socket = ::socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return true;
  const bool bound = bind(socket, reinterpret_cast<const sockaddr*>(&storage), size) == 0 ||
                     errno != EADDRNOTAVAIL;
  close(socket);
  return bound;
}

std::string folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

// Why nothing can be made in the folder of `path`; empty when it can.
std::string folder_problem(const std::string& path) {
  const std::string folder = folder_of(path);
  if (access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return "nothing can be made in " + folder + ": " + std::strerror(errno);
}

std::string log_problem(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return path + " is a folder, not a file";
  if (access(path.c_str(), F_OK) != 0) return folder_problem(path);
  if (access(path.c_str(), W_OK) == 0) return {};
  return path + " cannot be written: " + std::strerror(errno);
}

// Why no unix socket can be made at `path`; empty when it can. A socket that is there may be one
// that nobody uses any more.
std::string socket_problem(const std::string& path) {
  std::error_code error;
  const auto there = std::filesystem::status(path, error);
  if (!std::filesystem::exists(there)) return folder_problem(path);
  if (std::filesystem::is_socket(there)) return {};
  const bool folder = std::filesystem::is_directory(there);
  return path + " is a " + (folder ? "folder" : "file") +
         ", not a socket: take it away, or name another path";
}

void check_path(const std::optional<Located<std::string>>& path, std::string_view log,
                const Sources& sources, Reading& reading) {
  if (!path || reading.unread(path->where)) return;
  const auto step = reading.enter(log);
  const auto inner = reading.enter("path");
  if (path->value.empty()) {
    reading.error(path->where, "is empty: name a file");
    return;
  }
  std::string problem = log_problem(sources.resolve(path->where.source, path->value));
  if (!problem.empty()) reading.absent(path->where, std::move(problem));
}

void check_log(const model::AccessLog& log, const Sources& sources, Reading& reading) {
  if (log.enabled) check_path(log.path, "access_log", sources, reading);
}

void check_journal(const model::Log& log, const Sources& sources, Reading& reading) {
  if (!log.journald) return;
  const auto& socket = log.journald->socket;
  if (reading.unread(socket.where)) return;
  const auto journal = JournalSocket::open(sources.resolve(socket.where.source, socket.value));
  if (journal) return;
  const auto step = reading.enter("log");
  const auto inner = reading.enter("journald");
  reading.absent(log.journald->where, journal.error().message);
}

// `else_do` is what to do where the machine does not have the address; empty when it need not.
void check_address(const Located<net::Address>& address, std::string_view else_do,
                   Reading& reading) {
  const auto step = reading.enter("address");
  std::string problem;
  if (address.value.family() == net::Address::Family::Unix) {
    problem = socket_problem(std::string(address.value.unix_path()));
  } else if (address.value.is_ip() && !else_do.empty() && !is_here(address.value)) {
    problem = address.value.ip() + " is no address of this machine: " + std::string(else_do);
  }
  if (!problem.empty()) reading.absent(address.where, std::move(problem));
}

void check_admin(const model::Admin& admin, const Sources& sources, Reading& reading) {
  const auto step = reading.enter("admin");
  if (admin.address) check_address(*admin.address, "write one that it has", reading);
  if (!admin.socket || reading.unread(admin.socket->where)) return;
  const auto inner = reading.enter("socket");
  const std::string problem =
      socket_problem(sources.resolve(admin.socket->where.source, admin.socket->value));
  if (!problem.empty()) reading.absent(admin.socket->where, problem);
}

void check_state_file(const std::optional<Located<std::string>>& file, const Sources& sources,
                      Reading& reading) {
  if (!file || reading.unread(file->where)) return;
  const auto step = reading.enter("state_file");
  const std::string path = sources.resolve(file->where.source, file->value);
  std::string problem = folder_problem(path);
  if (problem.empty()) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto now_us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    const auto kept = server::read_overrides(path, {.loop_ms = 0, .wall_us = now_us});
    if (!kept) problem = kept.error().message;
  }
  if (!problem.empty()) reading.absent(file->where, std::move(problem));
}

}  // namespace

void check_surroundings(const model::File& file, const Sources& sources, Reading& reading) {
  check_log(file.access_log, sources, reading);
  check_path(file.log.path, "log", sources, reading);
  check_journal(file.log, sources, reading);
  check_admin(file.admin, sources, reading);
  check_state_file(file.state_file, sources, reading);
  const auto step = reading.enter("listeners");
  for (const auto& listener : file.listeners) {
    const auto inner = reading.enter(listener.name);
    if (listener.value.access_log) check_log(*listener.value.access_log, sources, reading);
    for (const auto& address : listener.value.address) {
      check_address(address, listener.value.freebind ? "" : "freebind: true waits for it", reading);
    }
  }
}

}  // namespace weir::config
