#pragma once

#include <cstdint>
#include <span>

namespace weir::net {

// Waits for the outcome of one question to the servers. Destroyed after it, or uncalled with the
// Resolver or when it was not wanted in time.
class DnsReply {
 public:
  enum class Outcome : std::uint8_t {
    Message,  // `bytes` is an answer with records
    NoData,   // the name exists and has nothing of the type
    NoName,   // the name does not exist
    Failed,   // nobody could say; `failure` is why
  };

  virtual ~DnsReply() = default;
  // Whether anybody still waits for it.
  virtual bool wanted() const = 0;
  // Called at most once, maybe inside the call that asked. The views die with the call.
  virtual void on_reply(Outcome outcome, std::span<const unsigned char> bytes,
                        const char* failure) = 0;
};

}  // namespace weir::net
