#pragma once

#include <memory>

#include "core/base/list.h"
#include "core/event/generation.h"
#include "core/filter/downstream.h"
#include "core/server/snapshot.h"

namespace weir::server {

class WorkerChain;
class WorkerListener;

// One client's connection as its worker keeps it. Belongs to its listener's list until it is
// closed, then to the loop, which destroys it at the end of the turn.
class WorkerConnection final : public event::Deferred,
                               public ListNode<WorkerConnection>,
                               private filter::Downstream::Owner {
 public:
  WorkerConnection(WorkerListener& listener, event::Reactor& reactor,
                   std::unique_ptr<net::Transport> transport, filter::ConnectionInfo info);
  ~WorkerConnection() override;

  void open(const event::Use<Snapshot>& snapshot, const ListenerSpec& spec);
  filter::Downstream& downstream() { return downstream_; }
  const filter::Downstream& downstream() const { return downstream_; }
  // Null until the accept filters let it pass.
  WorkerChain* chain() const { return chain_; }

 private:
  bool waits_for_hello(const filter::ConnectionInfo& info) override;
  filter::ChainHost* choose_chain(const filter::ConnectionInfo& info) override;
  void on_downstream_closed(filter::Downstream& downstream) override;

  WorkerListener& listener_;
  WorkerChain* chain_ = nullptr;
  // Keeps the factories alive whose filters live as long as the connection.
  event::AnyUse snapshot_;
  filter::Downstream downstream_;
};

}  // namespace weir::server
