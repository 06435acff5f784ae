#include "filters/accept/connection_limit/connection_limit.h"

#include <string>

#include "filters/accept/connection_limit/connection_counts.h"

namespace weir::filters {
namespace {

// The address with all bits behind the prefix zero, and the prefix: keys of different settings are
// never the same.
std::string key_of(const net::Address& client, const ConnectionLimitSettings& settings) {
  if (!settings.by_client) return {};
  std::string key(client.ip_bytes());
  const std::uint8_t prefix = key.size() == 4 ? settings.prefix_v4 : settings.prefix_v6;
  std::size_t bits = prefix;
  for (char& byte : key) {
    const std::size_t kept = bits < 8 ? bits : 8;
    byte = static_cast<char>(static_cast<unsigned char>(byte) & (0xff00u >> kept));
    bits -= kept;
  }
  key += static_cast<char>(prefix);
  return key;
}

class Counted final : public filter::AcceptFilter {
 public:
  Counted(std::shared_ptr<ConnectionCounts> counts, std::string key, bool entered)
      : counts_(std::move(counts)), key_(std::move(key)), entered_(entered) {}
  ~Counted() override {
    if (entered_) counts_->leave(key_);
  }

  filter::Verdict on_accept(filter::ConnectionInfo&) override {
    return entered_ ? filter::Verdict::Continue : filter::Verdict::Finish;
  }

 private:
  std::shared_ptr<ConnectionCounts> counts_;  // outlives the Snapshot with its connections
  std::string key_;
  bool entered_;
};

class ConnectionLimit final : public filter::AcceptFilterFactory {
 public:
  ConnectionLimit(const ConnectionLimitSettings& settings, const StateScope& states)
      : settings_(settings), counts_(states.share<ConnectionCounts>()) {}

  std::unique_ptr<filter::AcceptFilter> create(event::Reactor& reactor,
                                               const filter::ConnectionInfo& info) const override {
    std::string key = key_of(info.client, settings_);
    const bool entered = counts_->enter(key, settings_, reactor.loop().now());
    return std::make_unique<Counted>(counts_, std::move(key), entered);
  }

 private:
  ConnectionLimitSettings settings_;
  std::shared_ptr<ConnectionCounts> counts_;
};

}  // namespace

std::unique_ptr<filter::AcceptFilterFactory> make_connection_limit(
    const ConnectionLimitSettings& settings, const StateScope& states) {
  return std::make_unique<ConnectionLimit>(settings, states);
}

}  // namespace weir::filters
