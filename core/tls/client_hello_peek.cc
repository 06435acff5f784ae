#include "core/tls/client_hello_peek.h"

#include <algorithm>
#include <utility>

#include <openssl/bytestring.h>
#include <openssl/ssl.h>

#include "core/tls/server_name.h"

namespace weir::tls {
namespace {

constexpr std::size_t kMaxPayload = 16 * 1024;

std::string_view view_of(const CBS& bytes) {
  return {reinterpret_cast<const char*>(CBS_data(&bytes)), CBS_len(&bytes)};
}

// Exactly one name, and a host's: others were never given a meaning, and who reads the list
// otherwise would see another name (RFC 6066 section 3).
std::string_view read_server_name_list(CBS extension, ClientHello& hello) {
  CBS list;
  CBS name;
  std::uint8_t type = 0;
  if (!CBS_get_u16_length_prefixed(&extension, &list) || CBS_len(&extension) != 0 ||
      !CBS_get_u8(&list, &type) || !CBS_get_u16_length_prefixed(&list, &name) ||
      CBS_len(&list) != 0 || type != TLSEXT_NAMETYPE_host_name) {
    return "its SNI is not one host name";
  }
  auto normal = normal_server_name(view_of(name));
  if (!normal) return "the name in its SNI is none of a host";
  hello.server_name = *std::move(normal);
  return {};
}

std::string_view read_protocol_list(CBS extension, ClientHello& hello) {
  constexpr std::string_view kWrong = "its ALPN is no list of protocols";
  CBS list;
  if (!CBS_get_u16_length_prefixed(&extension, &list) || CBS_len(&extension) != 0 ||
      CBS_len(&list) == 0) {
    return kWrong;
  }
  while (CBS_len(&list) != 0) {
    CBS protocol;
    if (!CBS_get_u8_length_prefixed(&list, &protocol) || CBS_len(&protocol) == 0) return kWrong;
    hello.protocols.emplace_back(view_of(protocol));
  }
  return {};
}

std::string_view read_hello_extensions(CBS extensions, ClientHello& hello) {
  bool has_name = false;
  bool has_protocols = false;
  while (CBS_len(&extensions) != 0) {
    std::uint16_t type = 0;
    CBS content;
    if (!CBS_get_u16(&extensions, &type) || !CBS_get_u16_length_prefixed(&extensions, &content)) {
      return "its extensions are cut";
    }
    std::string_view wrong;
    if (type == TLSEXT_TYPE_server_name) {
      wrong = std::exchange(has_name, true) ? "it has SNI twice"
                                            : read_server_name_list(content, hello);
    } else if (type == TLSEXT_TYPE_application_layer_protocol_negotiation) {
      wrong = std::exchange(has_protocols, true) ? "it has ALPN twice"
                                                 : read_protocol_list(content, hello);
    }
    if (!wrong.empty()) return wrong;
  }
  return {};
}

// RFC 8446 section 4.1.2. What is wrong, or nothing.
std::string_view read_hello_message(std::string_view message, ClientHello& hello) {
  constexpr std::size_t kRandom = 32;
  constexpr std::size_t kMaxSessionId = 32;
  CBS body;
  CBS_init(&body, reinterpret_cast<const std::uint8_t*>(message.data()), message.size());
  std::uint16_t version = 0;
  CBS session;
  CBS ciphers;
  CBS compressions;
  if (!CBS_get_u16(&body, &version) || !CBS_skip(&body, kRandom) ||
      !CBS_get_u8_length_prefixed(&body, &session) || CBS_len(&session) > kMaxSessionId ||
      !CBS_get_u16_length_prefixed(&body, &ciphers) || CBS_len(&ciphers) < 2 ||
      CBS_len(&ciphers) % 2 != 0 || !CBS_get_u8_length_prefixed(&body, &compressions) ||
      CBS_len(&compressions) == 0) {
    return "it is cut";
  }
  if (CBS_len(&body) == 0) return {};
  CBS extensions;
  if (!CBS_get_u16_length_prefixed(&body, &extensions) || CBS_len(&body) != 0) {
    return "its extensions are cut";
  }
  return read_hello_extensions(extensions, hello);
}

}  // namespace

ClientHelloPeek::Outcome ClientHelloPeek::look(const Buffer& input) {
  const std::size_t end = std::min(input.size(), kMaxBytes);
  if (outcome_ != Outcome::More || end <= seen_) return outcome_;
  // From the end, so that slices that were looked at cost nothing again.
  const auto slices = input.slices();
  std::size_t slice = slices.size();
  std::size_t begin = input.size();
  while (begin > seen_) begin -= slices[--slice].size();
  for (; seen_ < end && outcome_ == Outcome::More; ++slice) {
    std::string_view bytes = slices[slice].view();
    bytes.remove_prefix(seen_ - begin);
    begin += slices[slice].size();
    bytes = bytes.substr(0, end - seen_);
    seen_ += bytes.size();
    take(bytes);
  }
  if (outcome_ == Outcome::Hello) read(input);
  if (outcome_ == Outcome::More && seen_ == kMaxBytes) refuse("it is spread over too many records");
  return outcome_;
}

void ClientHelloPeek::take(std::string_view bytes) {
  while (!bytes.empty() && outcome_ == Outcome::More) {
    if (payload_left_ == 0) {
      take_record_header(static_cast<std::uint8_t>(bytes.front()));
      bytes.remove_prefix(1);
    } else {
      bytes.remove_prefix(take_payload(bytes));
    }
  }
}

void ClientHelloPeek::take_record_header(std::uint8_t byte) {
  record_[record_size_++] = byte;
  const bool handshake = record_[0] == SSL3_RT_HANDSHAKE && (record_size_ == 1 || record_[1] == 3);
  if (!handshake && first_record_) {
    outcome_ = Outcome::NotTls;
  } else if (!handshake) {
    refuse("it goes on in a record that is none of a handshake");
  } else if (record_size_ == record_.size()) {
    record_size_ = 0;
    first_record_ = false;
    payload_left_ = static_cast<std::size_t>(record_[3]) << 8 | record_[4];
    // RFC 8446 section 5.1.
    if (payload_left_ == 0) refuse("a record of it is empty");
    if (payload_left_ > kMaxPayload) refuse("a record of it is too long");
  }
}

std::size_t ClientHelloPeek::take_payload(std::string_view bytes) {
  bytes = bytes.substr(0, payload_left_);
  for (std::size_t i = 0; i < bytes.size() && message_size_ + i < message_.size(); ++i) {
    message_[message_size_ + i] = static_cast<std::uint8_t>(bytes[i]);
  }
  payload_left_ -= bytes.size();
  message_size_ += bytes.size();
  judge_message();
  return bytes.size();
}

void ClientHelloPeek::judge_message() {
  if (message_[0] != SSL3_MT_CLIENT_HELLO) return refuse("another message comes first");
  if (message_size_ < kMessageHeader) return;
  const std::size_t size = static_cast<std::size_t>(message_[1]) << 16 |
                           static_cast<std::size_t>(message_[2]) << 8 | message_[3];
  if (size > kMaxMessage) return refuse("it is too long");
  if (message_size_ < kMessageHeader + size) return;
  message_size_ = kMessageHeader + size;
  outcome_ = Outcome::Hello;
}

// The whole message is there, in records that are sound.
void ClientHelloPeek::read(const Buffer& input) {
  std::string gathered;
  std::string_view bytes = input.front();
  if (bytes.size() < seen_) {
    for (const Slice& slice : input.slices()) {
      if (gathered.size() < seen_) gathered += slice.view();
    }
    bytes = gathered;
  }
  const auto payload_size = [](std::string_view record) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(record[3])) << 8 |
           static_cast<std::uint8_t>(record[4]);
  };
  std::string joined;
  std::string_view message = bytes.substr(kRecordHeader, payload_size(bytes));
  if (message.size() < message_size_) {
    while (joined.size() < message_size_) {
      const std::size_t size = payload_size(bytes);
      joined += bytes.substr(kRecordHeader, size);
      bytes.remove_prefix(std::min(bytes.size(), kRecordHeader + size));
    }
    message = joined;
  }
  message = message.substr(kMessageHeader, message_size_ - kMessageHeader);
  const std::string_view wrong = read_hello_message(message, hello_);
  if (!wrong.empty()) refuse(wrong);
}

void ClientHelloPeek::refuse(std::string_view why) {
  outcome_ = Outcome::Malformed;
  why_ = why;
}

}  // namespace weir::tls
