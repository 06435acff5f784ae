#include "core/server/reloads.h"

#include <algorithm>
#include <utility>

namespace weir::server {
Reloads::Reloads(event::Reactor& reactor, Builder& builder, EventLog& events, Owner& owner)
    : reactor_(reactor),
      builder_(builder),
      events_(events),
      owner_(owner),
      confirm_timer_(event::Timer::of<&Reloads::not_confirmed>(reactor.loop().timers(), this)) {}

Reloads::Confirm Reloads::unconfirmed() const {
  if (confirm_until_ms_ == 0) return std::nullopt;
  const std::uint64_t now = reactor_.loop().now();
  return std::chrono::milliseconds(confirm_until_ms_ > now ? confirm_until_ms_ - now : 0);
}

void Reloads::reload(Done done, Confirm confirm_within) {
  if (ended_) {
    if (done) done({false, reactor_.loop().wall_us(), {Problem{"Weir is ending"}}});
    return;
  }
  if (confirm_until_ms_ != 0 && done) {
    done(waits_for_confirmation());
    return;
  }
  // Those whom nobody asks for come to the same; there may be many while a file system hangs.
  const bool waits_already =
      !done && std::any_of(waiting_.begin(), waiting_.end(),
                           [](const Asked& each) { return !each.done && !each.confirm_within; });
  if (waiting_.size() >= kMostWaiting && done) {
    done({false, reactor_.loop().wall_us(), {Problem{"too many wait for a reload: try again"}}});
    return;
  }
  if (!waits_already) waiting_.push_back({std::move(done), confirm_within});
  if (confirm_until_ms_ != 0) {
    log_warning("config", "not read again before snapshot {} is confirmed", owner_.active());
  } else if (loading_) {
    log_warning("config", "still reading: it will be read again after that");
  } else {
    begin();
  }
}

Reloads::Outcome Reloads::waits_for_confirmation() const {
  return {false,
          reactor_.loop().wall_us(),
          {Problem{"snapshot " + std::to_string(owner_.active()) +
                   " waits to be confirmed: weir ctl confirm keeps it, weir ctl rollback does "
                   "not"}}};
}

// One that must be confirmed is a load of its own, so that nobody else is told of success.
void Reloads::begin() {
  loading_ = true;
  auto end = waiting_.begin() + 1;
  if (!waiting_.front().confirm_within) {
    end = std::find_if(end, waiting_.end(),
                       [](const Asked& each) { return each.confirm_within.has_value(); });
  }
  asked_.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  builder_.load(++last_number_, [this](LoadedSnapshot result) {
    reactor_.loop().post(
        [this, result = std::move(result)]() mutable { loaded(std::move(result)); });
  });
}

void Reloads::begin_what_waits() {
  if (!waiting_.empty()) begin();
}

void Reloads::refuse_what_waits() {
  std::erase_if(waiting_, [this](Asked& each) {
    if (!each.done) return false;
    each.done(waits_for_confirmation());
    return true;
  });
}

void Reloads::loaded(LoadedSnapshot loaded) {
  loading_ = false;
  if (ended_) return;
  const Confirm confirm_within = asked_.front().confirm_within;
  FilesRead files = std::move(loaded.files);
  finish(publish(std::move(loaded), confirm_within), std::move(files));
  if (confirm_until_ms_ == 0) {
    begin_what_waits();
  } else {
    refuse_what_waits();
  }
}

Reloads::Outcome Reloads::publish(LoadedSnapshot loaded, Confirm confirm_within) {
  Outcome outcome{loaded.snapshot != nullptr, reactor_.loop().wall_us(),
                  std::move(loaded.problems)};
  outcome.more = loaded.more;
  for (const Problem& problem : outcome.problems) {
    log(outcome.good ? LogLevel::Warning : LogLevel::Error, "config", "{}", problem.text);
  }
  if (!outcome.good) return outcome;
  const auto published = owner_.publish(std::move(loaded.snapshot), confirm_within.has_value());
  if (published) {
    for (const std::string& waits : *published) {
      log_warning("config", "{}", waits);
      outcome.problems.push_back({waits});
    }
  }
  if (!published) {
    outcome.good = false;
    outcome.problems.push_back({published.error().message});
    log_error("server", "{}", published.error().message);
  } else if (confirm_within) {
    const auto ms = static_cast<std::uint64_t>(confirm_within->count());
    confirm_until_ms_ = std::max<std::uint64_t>(1, reactor_.loop().now() + ms);
    confirm_timer_.arm(ms);
    outcome.confirm_within = confirm_within;
  }
  return outcome;
}

void Reloads::finish(Outcome outcome, FilesRead files) {
  const std::string number = std::to_string(owner_.active());
  if (outcome.good) {
    std::string text = "reloaded: snapshot " + number;
    if (outcome.confirm_within) {
      text += ", goes back unless confirmed within " +
              std::to_string(outcome.confirm_within->count()) + " ms";
    }
    events_.add(LogLevel::Info, "reload", std::move(text));
  } else {
    std::string detail;
    if (!outcome.problems.empty()) detail = ": " + outcome.problems.front().text;
    if (outcome.problems.size() > 1) {
      detail += " (and " + std::to_string(outcome.problems.size() - 1) + " more)";
    }
    events_.add(LogLevel::Error, "reload", "not reloaded: snapshot " + number + " stays", detail);
  }
  owner_.on_reloaded(outcome, std::move(files));
  last_ = std::move(outcome);
  for (Asked& each : std::exchange(asked_, {})) {
    if (each.done) each.done(*last_);
  }
}

bool Reloads::confirm() {
  if (confirm_until_ms_ == 0) return false;
  end_confirmation();
  owner_.forget_kept();
  events_.add(LogLevel::Info, "reload",
              "confirmed: snapshot " + std::to_string(owner_.active()) + " stays");
  begin_what_waits();
  return true;
}

void Reloads::end_confirmation() {
  confirm_until_ms_ = 0;
  confirm_timer_.cancel();
}

Result<void> Reloads::roll_back() {
  WEIR_TRY_VOID(roll_back("an operator took it back"));
  last_->taken_back = true;
  return {};
}

Result<void> Reloads::roll_back(std::string_view why) {
  if (confirm_until_ms_ == 0) return config_error("nothing waits to be confirmed");
  const std::string refused = std::to_string(owner_.active());
  if (auto back = owner_.go_back(); !back) {
    Error error = std::move(back).error();
    error.message = "cannot go back: " + error.message + "; snapshot " + refused + " stays";
    return error;
  }
  end_confirmation();
  std::string text = "went back from snapshot " + refused + " to " +
                     std::to_string(owner_.active()) + ": " + std::string(why);
  last_ = Outcome{false, reactor_.loop().wall_us(), {Problem{text}}};
  if (!waiting_.empty()) text += "; what was put off is not read: weir ctl reload does that";
  waiting_.clear();
  events_.add(LogLevel::Warning, "reload", std::move(text));
  return {};
}

// Such as a port of the Snapshot before that somebody else has now: there is no way back, then.
void Reloads::not_confirmed() {
  const Result<void> back = roll_back("it was not confirmed in time");
  if (back) return;
  events_.add(LogLevel::Error, "reload", back.error().message);
  last_ = Outcome{false, reactor_.loop().wall_us(), {Problem{back.error().message}}};
  end_confirmation();
  owner_.forget_kept();
  begin_what_waits();
}

void Reloads::end() {
  ended_ = true;
  confirm_timer_.cancel();
  confirm_until_ms_ = 0;
  for (auto* asked : {&asked_, &waiting_}) {
    for (Asked& each : std::exchange(*asked, {})) {
      if (each.done) each.done({false, reactor_.loop().wall_us(), {Problem{"Weir is ending"}}});
    }
  }
}

}  // namespace weir::server
