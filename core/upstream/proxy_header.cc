#include "core/upstream/proxy_header.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace weir::upstream {
namespace {

using Family = net::Address::Family;

constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kUnixSize = 108;

// The address as 16 bytes, an IPv4 address mapped.
std::string v6_bytes(const net::Address& address) {
  std::string bytes;
  if (address.family() == Family::V4) bytes.assign("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  return bytes.append(address.ip_bytes());
}

std::string v6_text(const net::Address& address) {
  return address.family() == Family::V4 ? "::ffff:" + address.ip() : address.ip();
}

std::string v1(const net::Address& client, const net::Address& local) {
  if (!client.is_ip() || !local.is_ip()) return "PROXY UNKNOWN\r\n";
  const bool v4 = client.family() == Family::V4 && local.family() == Family::V4;
  std::string line = v4 ? "PROXY TCP4 " : "PROXY TCP6 ";
  line += v4 ? client.ip() : v6_text(client);
  line += ' ';
  line += v4 ? local.ip() : v6_text(local);
  line += ' ' + std::to_string(client.port()) + ' ' + std::to_string(local.port()) + "\r\n";
  return line;
}

void put_number(std::string& out, std::size_t number) {
  out += static_cast<char>(number >> 8);
  out += static_cast<char>(number & 0xff);
}

std::string unix_bytes(const net::Address& address) {
  std::string bytes(address.unix_path().substr(0, kUnixSize));
  bytes.resize(kUnixSize);
  return bytes;
}

std::string v2(const net::Address& client, const net::Address& local) {
  std::string body;
  char command = 0x21;  // version 2, PROXY
  char family = 0x00;
  if (client.is_ip() && local.is_ip()) {
    const bool v4 = client.family() == Family::V4 && local.family() == Family::V4;
    family = v4 ? 0x11 : 0x21;  // over a stream
    for (const net::Address* address : {&client, &local}) {
      body += v4 ? std::string(address->ip_bytes()) : v6_bytes(*address);
    }
    put_number(body, client.port());
    put_number(body, local.port());
  } else if (client.family() == Family::Unix && local.family() == Family::Unix) {
    family = 0x31;
    body = unix_bytes(client) + unix_bytes(local);
  } else {
    command = 0x20;  // LOCAL: the receiver uses the connection's own addresses
  }
  std::string header(kSignature);
  header += command;
  header += family;
  put_number(header, body.size());
  return header + body;
}

}  // namespace

void write_proxy_header(ProxyProtocol version, const net::Address& client,
                        const net::Address& local, BlockPool& pool, Buffer& out) {
  if (version == ProxyProtocol::None) return;
  out.append_copy(pool, version == ProxyProtocol::V1 ? v1(client, local) : v2(client, local));
}

}  // namespace weir::upstream
