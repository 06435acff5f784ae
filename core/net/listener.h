#pragma once

#include <cstdint>

#include "core/event/poll.h"
#include "core/event/timer.h"
#include "core/net/address.h"
#include "core/net/descriptor.h"

namespace weir::net {

// Accepts connections from one listening socket on one worker: at most kBatch a turn, so that
// those that are open already get their turn too. When the process is out of descriptors, or the
// owner says that it is full, accepting pauses; nobody who waits in the queue is closed for it.
class Listener final : private event::Poll::Owner {
 public:
  class Owner {
   public:
    // Before each accept: keeps a place for who comes, or pauses the listener and returns false.
    virtual bool take_place() { return true; }
    // Nobody came: the place is free again.
    virtual void give_place_back() {}
    virtual void on_accept(Descriptor socket, const Address& peer) = 0;
    // Accepting paused since the system refused a descriptor or memory; `code` is the errno. It is
    // tried again after kRetryMs. Told once until an accept succeeds.
    virtual void on_accept_trouble(int code) = 0;

   protected:
    ~Owner() = default;
  };

  static constexpr int kBatch = 64;
  static constexpr std::uint64_t kRetryMs = 100;

  Listener(event::Loop& loop, Descriptor socket, Owner& owner);

  // The owner's own reasons, such as its connection limit. No effect once drained.
  void pause();
  void resume();
  // Takes what is in the accept queue, and stops for good.
  void drain();

 private:
  void on_events(unsigned events) override;
  // Returns false when the queue is empty or accepting is paused.
  bool accept_one();
  void retry();

  Descriptor socket_;
  event::Poll poll_;
  event::Timer retry_;
  Owner& owner_;
  bool paused_ = false;
  bool in_trouble_ = false;
  bool told_ = false;
  bool drained_ = false;
};

}  // namespace weir::net
