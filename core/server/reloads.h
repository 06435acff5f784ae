#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/reactor.h"
#include "core/server/builder.h"
#include "core/server/event_log.h"
#include "core/server/snapshot_source.h"

namespace weir::server {

// Brings new configurations to a server that runs: has the builder read one, and publishes what is
// sound. A Snapshot that must be confirmed goes back to the one before unless it is. Control
// thread.
class Reloads {
 public:
  // Who asks while so many wait is refused.
  static constexpr std::size_t kMostWaiting = 256;

  // What one came to.
  struct Outcome {
    bool good = false;
    std::int64_t time_us = 0;       // since 1970
    std::vector<Problem> problems;  // errors; warnings when it is good
    // It goes back unless confirmed within that time.
    std::optional<std::chrono::milliseconds> confirm_within{};
    bool taken_back = false;  // it was good, and an operator wanted it no more
    MoreProblems more{};
  };
  using Done = std::function<void(const Outcome&)>;
  using Confirm = std::optional<std::chrono::milliseconds>;

  class Owner {
   public:
    // With `keep`, go_back() can bring the present one again. Nothing has changed after an error;
    // otherwise what of it waits for a restart, and which overrides have no effect with it, as a
    // sentence each.
    virtual Result<std::vector<std::string>> publish(std::unique_ptr<Snapshot> snapshot,
                                                     bool keep) = 0;
    virtual Result<void> go_back() = 0;
    virtual void forget_kept() = 0;
    virtual std::uint64_t active() const = 0;  // the number of the Snapshot
    // `files` is what was read, or missed.
    virtual void on_reloaded(const Outcome& outcome, FilesRead files) = 0;

   protected:
    ~Owner() = default;
  };

  Reloads(event::Reactor& reactor, Builder& builder, EventLog& events, Owner& owner);

  // `done`, if any, is called once, later or at once. One that comes while another is under way is
  // read after it, those without `confirm_within` together. While a Snapshot waits to be confirmed,
  // one with `done` is refused; one without is put off until it is confirmed, and comes to nothing
  // when it is not: what it would read is most likely what was not wanted.
  void reload(Done done = {}, Confirm confirm_within = {});
  // The Snapshot stays. False when none waits for that.
  bool confirm();
  // Back to the Snapshot before at once, as an operator wants it.
  Result<void> roll_back();
  // No more: what is being read comes to nothing.
  void end();

  // Of the last one; nothing before the first.
  const std::optional<Outcome>& last() const { return last_; }
  bool loading() const { return loading_; }
  // How long there is to confirm; nothing when there is nothing to confirm.
  Confirm unconfirmed() const;

 private:
  struct Asked {
    Done done;
    Confirm confirm_within;
  };

  void begin();
  void begin_what_waits();
  void refuse_what_waits();
  Outcome waits_for_confirmation() const;
  void end_confirmation();
  void loaded(LoadedSnapshot loaded);
  Outcome publish(LoadedSnapshot loaded, Confirm confirm_within);
  void finish(Outcome outcome, FilesRead files);
  Result<void> roll_back(std::string_view why);
  void not_confirmed();

  event::Reactor& reactor_;
  Builder& builder_;
  EventLog& events_;
  Owner& owner_;
  std::uint64_t last_number_ = 1;
  std::vector<Asked> asked_;    // that the load under way answers
  std::vector<Asked> waiting_;  // for the one after it
  std::optional<Outcome> last_;
  event::Timer confirm_timer_;
  std::uint64_t confirm_until_ms_ = 0;  // 0: nothing to confirm
  bool loading_ = false;
  bool ended_ = false;
};

}  // namespace weir::server
