#include "core/filter/downstream.h"

namespace weir::filter {

Downstream::Downstream(event::Reactor& reactor, std::unique_ptr<net::Transport> transport,
                       ConnectionInfo info, Owner& owner)
    : reactor_(reactor),
      owner_(owner),
      info_(std::move(info)),
      connection_(reactor.loop(), reactor.blocks(), std::move(transport), *this),
      opened_ms_(reactor.loop().now()) {}

Downstream::~Downstream() = default;

void Downstream::open(std::span<const AcceptFilterItem> accept, event::AnyUse snapshot,
                      std::uint64_t peek_timeout_ms) {
  if (accept.empty() && !owner_.waits_for_hello(info_)) {
    open_chain();
    return;
  }
  accepting_.reset(
      new Accepting{accept,
                    std::move(snapshot),
                    0,
                    false,
                    peek_timeout_ms,
                    event::Timer::of<&Downstream::peek_timed_out>(reactor_.loop().timers(), this),
                    {}});
  run_accept_filters();
}

void Downstream::run_accept_filters() {
  Accepting& state = *accepting_;
  while (state.next < state.items.size()) {
    Verdict verdict;
    if (state.peeking) {
      verdict = accept_filters_.back()->on_peek(info_, connection_);
      if (verdict == Verdict::Pause && connection_.input_ended()) verdict = Verdict::Finish;
    } else {
      auto filter = state.items[state.next].factory->create(reactor_, info_);
      if (filter == nullptr) {
        ++state.next;
        continue;
      }
      accept_filters_.push_back(std::move(filter));
      verdict = accept_filters_.back()->on_accept(info_);
    }
    switch (verdict) {
      case Verdict::Continue:
        state.peeking = false;
        ++state.next;
        break;
      case Verdict::Finish:
        close();
        return;
      case Verdict::Pause:
        if (state.peeking) return;
        state.peeking = true;
        connection_.start();
        if (!state.timer.armed()) state.timer.arm(state.peek_timeout_ms);
        if (connection_.input().empty()) return;
        break;
    }
  }
  if (state.hello != nullptr || owner_.waits_for_hello(info_)) {
    look_for_hello();
  } else {
    accepting_.reset();
    open_chain();
  }
}

void Downstream::look_for_hello() {
  Accepting& state = *accepting_;
  if (state.hello == nullptr) {
    state.hello = std::make_unique<tls::ClientHelloPeek>();
    connection_.start();
    if (!state.timer.armed()) state.timer.arm(state.peek_timeout_ms);
  }
  using Outcome = tls::ClientHelloPeek::Outcome;
  const Outcome outcome = state.hello->look(connection_.input());
  if (outcome == Outcome::More && !connection_.input_ended()) return;
  if (outcome == Outcome::Malformed) {
    close();
    return;
  }
  if (outcome == Outcome::Hello) {
    info_.hello = std::make_unique<const tls::ClientHello>(std::move(state.hello->hello()));
  }
  accepting_.reset();
  info_.hello_known = true;
  open_chain();
}

void Downstream::peek_timed_out() {
  if (accepting_->hello == nullptr) {
    close();
    return;
  }
  accepting_.reset();
  info_.hello_known = true;
  open_chain();
}

void Downstream::open_chain() {
  host_ = owner_.choose_chain(info_);
  if (host_ == nullptr) {
    close();
    return;
  }
  info_.chain = host_->name;
  info_.write_client_ip();
  for (const NetworkFilterItem& item : host_->chain->network_filters) {
    if (auto filter = item.factory->join(*this)) {
      filters_.push_back({std::move(filter), item.name});
    }
  }
  if (!filters_.empty()) held_ = std::make_unique<Held>();
  terminal_ = host_->chain->terminal->create(*this);
  connection_.start();
  for (Joined& joined : filters_) {
    if (joined.filter->on_open(*this) == Verdict::Finish) finish();
    if (connection_.closing()) return;
  }
  terminal_->on_open();
  if (held_ != nullptr) {
    if (!connection_.closing()) take_input(connection_.input_ended());
  } else {
    if (!connection_.closed() && !connection_.input().empty()) on_input();
    if (!connection_.closed() && connection_.input_ended()) on_input_end();
  }
  if (!connection_.closed() && drain_) terminal_->on_drain(*drain_);
}

void Downstream::on_input() {
  if (accepting_ != nullptr) {
    run_accept_filters();
  } else if (terminal_ == nullptr) {
    connection_.input().clear();
  } else if (held_ == nullptr) {
    terminal_->on_data(connection_.input());
  } else {
    take_input(false);
  }
}

void Downstream::on_input_end() {
  if (accepting_ != nullptr) {
    if (accepting_->peeking || accepting_->hello != nullptr) run_accept_filters();
  } else if (terminal_ == nullptr) {
    close();
  } else if (held_ == nullptr) {
    terminal_->on_data_end();
  } else {
    take_input(true);
  }
}

// No filter holds a piece: nothing is announced while one does.
void Downstream::take_input(bool end) {
  Buffer data = std::move(connection_.input());
  if (data.empty() && !end) {
    show_passed();
  } else {
    filter_input(0, data, end);
  }
}

void Downstream::filter_input(std::size_t position, Buffer& data, bool end) {
  held_->end = end;
  for (; position < filters_.size(); ++position) {
    held_->resumed = false;
    const Verdict verdict = filters_[position].filter->on_downstream_data(*this, data, end);
    if (verdict == Verdict::Finish) finish();
    if (connection_.closing()) return;
    if (verdict == Verdict::Pause && !held_->resumed) {
      held_->at = position;
      held_->piece = std::move(data);
      connection_.pause(net::kPausedByFilter);
      return;
    }
  }
  held_->passed.append(data);
  show_passed();
}

// A terminal that is paused is shown nothing: the connection announces it when the pause is over.
void Downstream::show_passed() {
  if (connection_.pause_reasons() == 0 && !held_->passed.empty()) terminal_->on_data(held_->passed);
  if (connection_.closing()) return;
  if (connection_.pause_reasons() == 0 && std::exchange(held_->end, false)) {
    terminal_->on_data_end();
  }
  connection_.set_input_kept(held_->end || !held_->passed.empty());
}

void Downstream::resume_filters() {
  if (held_ == nullptr || connection_.closing()) return;
  if (held_->at == SIZE_MAX) {
    held_->resumed = true;
    return;
  }
  const std::size_t next = std::exchange(held_->at, SIZE_MAX) + 1;
  Buffer piece = std::move(held_->piece);
  filter_input(next, piece, held_->end);
  if (held_->at == SIZE_MAX) connection_.resume(net::kPausedByFilter);
}

void Downstream::filter_output(bool end) {
  for (std::size_t i = filters_.size(); i-- > 0 && !connection_.closing();) {
    const Verdict verdict = filters_[i].filter->on_upstream_data(*this, held_->staged, end);
    if (verdict == Verdict::Finish) finish();
  }
  // Who closed has said all that the client gets.
  if (connection_.closing()) {
    held_->staged.clear();
  } else {
    connection_.output().append(held_->staged);
  }
}

void Downstream::end_output() {
  if (held_ != nullptr) filter_output(true);
  connection_.shutdown_write();
}

void Downstream::on_output_drained() {
  if (terminal_ != nullptr) terminal_->on_output_drained();
}

void Downstream::drain(Drain drain) {
  if (closed() || (drain_ && *drain_ >= drain)) return;
  drain_ = drain;
  if (terminal_ != nullptr) {
    terminal_->on_drain(drain);
  } else if (drain == Drain::Over || (drain == Drain::Now && quiet())) {
    close();
  }
}

void Downstream::close() {
  connection_.close();
}

void Downstream::shed() {
  if (closed()) return;
  shed_ = true;
  connection_.reset();
}

std::size_t Downstream::memory() const {
  std::size_t bytes = connection_.memory();
  if (held_ != nullptr) {
    bytes += held_->staged.memory() + held_->piece.memory() + held_->passed.memory();
  }
  return terminal_ == nullptr ? bytes : bytes + terminal_->memory();
}

void Downstream::on_closed(net::CloseReason reason) {
  accepting_.reset();
  if (terminal_ != nullptr) terminal_->on_close(reason);
  for (std::size_t i = filters_.size(); i-- > 0;) filters_[i].filter->on_close(*this);
  owner_.on_downstream_closed(*this);
}

}  // namespace weir::filter
