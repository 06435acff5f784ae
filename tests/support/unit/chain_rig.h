#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/filter/chain_host.h"
#include "core/filter/downstream.h"
#include "tests/support/unit/pipe.h"

namespace weir::test {

// Gives back what it gets behind the name of its chain.
class Labelled final : public filter::NetworkTerminal {
 public:
  explicit Labelled(filter::Downstream& downstream) : downstream_(downstream) {}
  void on_open() override { say(downstream_.host().name + ":"); }
  void on_data(Buffer& data) override {
    downstream_.output().append(data);
    downstream_.output_ready();
  }
  void on_data_end() override { downstream_.end_output(); }
  void on_output_drained() override {}
  void on_drain(filter::Drain) override { downstream_.connection().close_when_written(); }
  void on_close(net::CloseReason) override {}

 private:
  void say(const std::string& text) {
    downstream_.output().append_copy(downstream_.reactor().blocks(), text);
    downstream_.output_ready();
  }

  filter::Downstream& downstream_;
};

class LabelledFactory final : public filter::NetworkTerminalFactory {
 public:
  std::unique_ptr<filter::NetworkTerminal> create(filter::Downstream& downstream) const override {
    return std::make_unique<Labelled>(downstream);
  }
};

// A client in memory of a listener that chooses a chain for it. What comes back begins with the
// name of that, and is what the chain got.
class ChainRig : private filter::Downstream::Owner {
 public:
  virtual ~ChainRig() {
    if (downstream_ != nullptr) in_turn(reactor_.loop(), [&] { downstream_->close(); });
    WEIR_CHECK(reactor_.blocks().bytes_in_use() == 0);
  }

  void offer(const char* name, route::Match match) {
    chains_.push_back(std::make_unique<Offered>());
    Offered& offered = *chains_.back();
    offered.chain.condition = route::Condition::compile(match, {}, 0).value();
    offered.chain.match = std::move(match);
    offered.chain.terminal = std::make_unique<LabelledFactory>();
    offered.host.name = name;
    offered.host.chain = &offered.chain;
  }
  void offer_by_name(const char* name, std::string sni, bool inverted = false) {
    route::Match match;
    match.sni = {{route::TextMatch::Kind::Exact, std::move(sni), inverted}};
    offer(name, std::move(match));
  }

  void open(std::uint64_t peek_timeout_ms = 60'000) {
    filter::ConnectionInfo info;
    info.peer = info.client = *net::Address::parse_ip("192.0.2.7", 4711);
    downstream_ =
        std::make_unique<filter::Downstream>(reactor_, pipe.make_transport(), std::move(info),
                                             static_cast<filter::Downstream::Owner&>(*this));
    in_turn(reactor_.loop(), [&] { downstream_->open(accept, {}, peek_timeout_ms); });
  }
  // What has come back behind these bytes.
  const std::string& said(std::string_view bytes) {
    pipe.send(bytes);
    pipe.run();
    return pipe.received;
  }
  void drain() {
    in_turn(reactor_.loop(), [&] { downstream_->drain(filter::Drain::Now); });
  }
  void wait_for_timeout() {
    for (int rounds = 0; rounds < 1'000 && pipe.received.empty() && !closed(); ++rounds) {
      reactor_.loop().run_once(true);
      pipe.run();
    }
  }
  bool closed() const { return downstream_ == nullptr; }
  const filter::ConnectionInfo& info() const { return downstream_->info(); }

 private:
  struct Offered {
    filter::Chain chain;
    filter::ChainHost host;
  };

  bool waits_for_hello(const filter::ConnectionInfo& info) override {
    for (const auto& offered : chains_) {
      const filter::ChainFit found = fit(offered->chain, info);
      if (found != filter::ChainFit::No) return found == filter::ChainFit::WaitsForHello;
    }
    return false;
  }
  filter::ChainHost* choose_chain(const filter::ConnectionInfo& info) override {
    for (const auto& offered : chains_) {
      if (fit(offered->chain, info) == filter::ChainFit::Yes) return &offered->host;
    }
    return nullptr;
  }
  void on_downstream_closed(filter::Downstream&) override {
    reactor_.loop().retire(std::move(downstream_));
  }

  event::Reactor reactor_{0};

 public:
  Pipe pipe{reactor_.loop()};
  std::vector<filter::AcceptFilterItem> accept;

 private:
  std::vector<std::unique_ptr<Offered>> chains_;
  std::unique_ptr<filter::Downstream> downstream_;
};

}  // namespace weir::test
