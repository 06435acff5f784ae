#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/server/snapshot.h"

namespace weir::server {

class EchoTerminal final : public filter::NetworkTerminal {
 public:
  EchoTerminal(filter::Downstream& downstream, const std::string& greeting)
      : downstream_(downstream), greeting_(greeting) {}

  void on_open() override {
    downstream_.output().append_copy(downstream_.connection().blocks(), greeting_);
    downstream_.output_ready();
  }
  void on_data(Buffer& data) override {
    busy_ = data.to_string().back() != '\n';
    downstream_.output().append(data);
    downstream_.output_ready();
    if (draining_ && !busy_) downstream_.finish();
  }
  void on_data_end() override { downstream_.finish(); }
  void on_output_drained() override {}
  void on_drain(filter::Drain) override {
    draining_ = true;
    if (!busy_) downstream_.finish();
  }
  void on_close(net::CloseReason) override {}

 private:
  filter::Downstream& downstream_;
  std::string greeting_;
  bool busy_ = false;
  bool draining_ = false;
};

class EchoFactory final : public filter::NetworkTerminalFactory {
 public:
  EchoFactory(std::string greeting, std::shared_ptr<void> token)
      : greeting_(std::move(greeting)), token_(std::move(token)) {}
  std::unique_ptr<filter::NetworkTerminal> create(filter::Downstream& downstream) const override {
    return std::make_unique<EchoTerminal>(downstream, greeting_);
  }

 private:
  std::string greeting_;
  std::shared_ptr<void> token_;
};

// A chain that sends back what it gets, behind `greeting`. A connection that sent part of a line is
// busy until the rest of the line comes: a drain waits for that. `token` is kept as long as the
// chain lives.
inline filter::Chain make_echo_chain(std::string name, std::uint64_t fingerprint,
                                     std::string greeting = {},
                                     std::shared_ptr<void> token = nullptr) {
  filter::Chain chain;
  chain.name = std::move(name);
  chain.connection_fingerprint = fingerprint;
  chain.terminal = std::make_unique<EchoFactory>(std::move(greeting), std::move(token));
  return chain;
}

// A listener on a free port of 127.0.0.1.
inline ListenerSpec make_echo_listener(std::string name, filter::Chain chain) {
  ListenerSpec listener;
  listener.name = std::move(name);
  listener.address = net::Address::parse("127.0.0.1:0").value();
  listener.chains.push_back(std::move(chain));
  return listener;
}

// A Snapshot with one listener, "echo".
inline std::unique_ptr<Snapshot> make_echo_snapshot(std::uint64_t number, filter::Chain chain) {
  auto snapshot = std::make_unique<Snapshot>();
  snapshot->number = number;
  snapshot->listeners.push_back(make_echo_listener("echo", std::move(chain)));
  return snapshot;
}

}  // namespace weir::server
