#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/buffer.h"
#include "core/tls/client_hello.h"

namespace weir::tls {

// Looks for a ClientHello at the beginning of what a client sends and leaves every byte to whoever
// is chosen by it. However few bytes come at a time, each is looked at once while the message is
// not whole, and once more when it is; who waits keeps no copy of them.
class ClientHelloPeek {
 public:
  enum class Outcome : std::uint8_t {
    More,      // so far it can be one
    Hello,     // hello() has it
    NotTls,    // another protocol
    Malformed  // begins like TLS, and is no ClientHello that is taken; why() says it
  };

  // Of the message without its header, as BoringSSL has it; and of all bytes with those of records,
  // so that tiny ones do not make a long wait of it.
  static constexpr std::size_t kMaxMessage = 16 * 1024;
  static constexpr std::size_t kMaxBytes = 20 * 1024;

  // `input` has all that came, from the first byte on; of that the end is new. What is said once
  // other than More stays.
  Outcome look(const Buffer& input);

  ClientHello& hello() { return hello_; }
  std::string_view why() const { return why_; }

 private:
  static constexpr std::size_t kRecordHeader = 5;
  static constexpr std::size_t kMessageHeader = 4;

  void take(std::string_view bytes);
  void take_record_header(std::uint8_t byte);
  std::size_t take_payload(std::string_view bytes);
  void judge_message();
  void read(const Buffer& input);
  void refuse(std::string_view why);

  ClientHello hello_;
  std::string_view why_;
  std::size_t seen_ = 0;
  std::size_t payload_left_ = 0;  // of a record
  std::size_t message_size_ = 0;  // as far as it came
  std::array<std::uint8_t, kRecordHeader> record_{};
  std::array<std::uint8_t, kMessageHeader> message_{};
  std::uint8_t record_size_ = 0;  // of its header
  bool first_record_ = true;
  Outcome outcome_ = Outcome::More;
};

}  // namespace weir::tls
