#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "core/server/admin_request.h"
#include "core/server/event_log.h"
#include "core/server/metrics_registry.h"
#include "core/server/overload.h"
#include "core/server/overrides.h"
#include "core/server/publisher.h"
#include "core/server/reloads.h"
#include "core/server/state_file.h"
#include "core/server/worker.h"

namespace weir::server {

// Answers what people and tools ask a running Weir, and does what they tell it to. Control thread.
class AdminDesk {
 public:
  // What it speaks for; all of it outlives the desk.
  struct Parts {
    event::Reactor& reactor;
    std::span<const std::unique_ptr<Worker>> workers;
    MetricsRegistry& metrics;
    upstream::ClusterRegistry& clusters;
    Publisher& publisher;
    const Overload& overload;
    Reloads& reloads;
    Overrides& overrides;
    EventLog& events;
    StateFile& state;
    std::chrono::steady_clock::time_point started;
    std::function<bool()> draining;
    std::function<void()> drain;
  };

  explicit AdminDesk(Parts parts) : parts_(std::move(parts)) {}

  // `take` is called once, later or at once.
  void answer(const AdminRequest& request, TakeAnswer take);

 private:
  void show(const AdminRequest& request, TakeAnswer take);
  void change(const AdminRequest& request, TakeAnswer take);
  void answer_when_kept(Result<std::string> done, PageFormat format, TakeAnswer take);
  std::string metrics();
  AdminAnswer status(PageFormat format);
  AdminAnswer ready() const;
  AdminAnswer events(const AdminRequest& request) const;
  AdminAnswer overrides(const AdminRequest& request) const;
  void connections(const AdminRequest& request, TakeAnswer take);
  void why(const AdminRequest& request, TakeAnswer take);

  Parts parts_;
  // For answers that come from another thread, and may come too late.
  const std::shared_ptr<void> alive_ = std::make_shared<char>();
};

}  // namespace weir::server
