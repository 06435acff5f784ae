#include "core/upstream/local_cluster.h"

#include <algorithm>

#include "core/upstream/local_clusters.h"

namespace weir::upstream {
namespace {

using filter::Reason;

bool same_connections(const ClusterSpec& one, const ClusterSpec& other) {
  const net::ConnectOptions& a = one.keepalive;
  const net::ConnectOptions& b = other.keepalive;
  return one.proxy_protocol == other.proxy_protocol && a.keepalive == b.keepalive &&
         a.keepalive_idle == b.keepalive_idle && a.keepalive_interval == b.keepalive_interval &&
         a.keepalive_probes == b.keepalive_probes;
}

}  // namespace

LocalCluster::LocalCluster(event::Reactor& reactor, LocalClusters& owner,
                           const event::Use<ClusterState>& state)
    : reactor_(reactor),
      owner_(owner),
      state_(state),
      counters_(state_->counters->of(reactor.index())),
      deadline_(event::Timer::of<&LocalCluster::expire>(reactor.loop().timers(), this)) {}

LocalCluster::~LocalCluster() = default;

void LocalCluster::adopt(event::Use<ClusterVersion> version) {
  const event::Use<ClusterVersion> before = std::exchange(version_, std::move(version));
  const bool other_connections = before && !same_connections(*before->spec, *version_->spec);
  if (other_connections) ++connection_epoch_;
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    if (pools_[i] == nullptr) continue;
    EndpointPool& pool = *pools_[i];
    if (other_connections || pool.draining()) {
      pool.close_idle();
    } else {
      pool.close_idle_for_too_long();
    }
    pool.end_if_empty();
  }
  // The first in the queue is then still the first whose time is up.
  for (Attempt* each = waiters_.front(); each != nullptr; each = waiters_.next(*each)) {
    each->deadline_ms_ = std::min(each->deadline_ms_, queue_deadline_ms());
  }
  serve_soon();
}

void LocalCluster::close() {
  closing_ = true;
  while (Attempt* attempt = waiters_.front()) {
    dequeue(*attempt);
    attempt->failed(Reason::NoCluster);
    attempt->owner_.on_no_connection(*attempt, Reason::NoCluster);
  }
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    if (pools_[i] == nullptr) continue;
    EndpointPool& pool = *pools_[i];
    pool.close_idle();
    pool.end_if_empty();
  }
  end_if_empty();
}

void LocalCluster::end_if_empty() {
  if (closing_ && pool_count_ == 0 && !removed_) {
    removed_ = true;
    owner_.remove(*this);
  }
}

void LocalCluster::remove(EndpointPool& pool) {
  std::unique_ptr<EndpointPool>& place = pools_[pool.endpoint().slot];
  if (place.get() != &pool) return;
  reactor_.loop().retire(std::move(place));
  --pool_count_;
  end_if_empty();
}

bool LocalCluster::begin_retry() {
  const RetryBudget& budget = spec().retry_budget;
  const double share = budget.percent / 100 * state_->requests.load(std::memory_order_relaxed);
  if (!take_one(state_->retries, std::max(budget.least, static_cast<std::uint32_t>(share)))) {
    counters_.retry_budget_exhausted.add();
    return false;
  }
  counters_.retries.add();
  return true;
}

Attempt::Begun LocalCluster::begin(Attempt& attempt) {
  Start start = Start::Wait;
  if (closing_) {
    attempt.failed(Reason::NoCluster);
    start = Start::Failed;
  } else if (waiters_.empty()) {
    start = try_start(attempt);
  }
  switch (start) {
    case Start::Ready:
      return Attempt::Begun::Ready;
    case Start::Connecting:
      return Attempt::Begun::Pending;
    case Start::Failed:
      return Attempt::Begun::Failed;
    case Start::Wait:
      break;
  }
  return enqueue(attempt);
}

Attempt::Begun LocalCluster::enqueue(Attempt& attempt) {
  if (!attempt.options_.may_queue || !take_one(state_->waiting, spec().limits.queue)) {
    counters_.queue_full.add();
    attempt.failed(Reason::QueueFull);
    return Attempt::Begun::Failed;
  }
  const bool first = waiters_.empty();
  attempt.stage_ = Attempt::Stage::Queued;
  attempt.queued_us_ = reactor_.loop().turn_us();
  attempt.deadline_ms_ = queue_deadline_ms();
  waiters_.push_back(attempt);
  counters_.queued.add();
  if (!first) return Attempt::Begun::Pending;
  arm_deadline();
  const Start start = try_or_announce(attempt);
  if (start == Start::Wait) return Attempt::Begun::Pending;
  dequeue(attempt);
  return start == Start::Ready        ? Attempt::Begun::Ready
         : start == Start::Connecting ? Attempt::Begun::Pending
                                      : Attempt::Begun::Failed;
}

std::uint64_t LocalCluster::queue_deadline_ms() const {
  return reactor_.loop().now() + static_cast<std::uint64_t>(spec().limits.queue_timeout.count());
}

// When it has to wait, whoever frees what it waits for knows.
LocalCluster::Start LocalCluster::try_or_announce(Attempt& attempt) {
  unsigned announced = 0;
  for (;;) {
    const Start start = try_start(attempt);
    if (start != Start::Wait) return start;
    if ((waits_for_ & ~announced) == 0) break;
    announced |= waits_for_;
    state_->announce_waiting(reactor_, waits_for_);
  }
  if ((waits_for_ & ClusterState::kConnectionSlot) != 0) state_->ask_for_connection(reactor_);
  return Start::Wait;
}

LocalCluster::Start LocalCluster::wait_for(unsigned slots) {
  waits_for_ = slots;
  return Start::Wait;
}

// First only looks: what is taken and given back would wake others for nothing.
LocalCluster::Start LocalCluster::try_start(Attempt& attempt) {
  const ClusterSpec& limits = spec();
  constexpr unsigned kRequestSlot = ClusterState::kRequestSlot;
  constexpr unsigned kConnectionSlot = ClusterState::kConnectionSlot;
  if (state_->requests.load() >= limits.limits.requests) return wait_for(kRequestSlot);
  EndpointState* const endpoint = pick(attempt);
  if (endpoint == nullptr) {
    if (version_->waiting_for_dns) return wait_for(0);
    if (version_->endpoints.any_eligible()) return wait_for(kRequestSlot | kConnectionSlot);
    attempt.failed(Reason::NoEndpoint);
    return Start::Failed;
  }
  EndpointPool& pool = pool_of(*endpoint);
  // What closes on the way may be the last connection of an endpoint that left.
  pool.add_use();
  const Start start = try_pool(attempt, pool);
  pool.drop_use();
  return start;
}

LocalCluster::Start LocalCluster::try_pool(Attempt& attempt, EndpointPool& pool) {
  const ClusterSpec& limits = spec();
  constexpr unsigned kConnectionSlot = ClusterState::kConnectionSlot;
  const bool pooled = !attempt.options_.raw && !attempt.options_.fresh;
  HttpConnection* const idle = pooled ? pool.find_idle(attempt) : nullptr;
  if (idle == nullptr) {
    // What is idle here may be of no use for this attempt.
    if (pool.endpoint().connections.load() >= limits.endpoint_limits.connections) {
      pool.close_oldest_idle();
    }
    if (state_->connections.load() >= limits.limits.connections && !close_idle()) {
      return wait_for(kConnectionSlot);
    }
  }
  return take_slots(attempt, pool, idle);
}

LocalCluster::Start LocalCluster::take_slots(Attempt& attempt, EndpointPool& pool,
                                             HttpConnection* idle) {
  const ClusterSpec& limits = spec();
  EndpointState& endpoint = pool.endpoint();
  if (!take_one(endpoint.requests, limits.endpoint_limits.requests)) {
    return wait_for(ClusterState::kRequestSlot);
  }
  if (!take_one(state_->requests, limits.limits.requests)) {
    endpoint.requests.fetch_sub(1);
    wake(ClusterState::kRequestSlot);
    return wait_for(ClusterState::kRequestSlot);
  }
  counters_.requests_active.add();
  pool.add_use();
  if (idle == nullptr) {
    if (!take_one(state_->connections, limits.limits.connections)) {
      free_request(pool);
      return wait_for(ClusterState::kConnectionSlot);
    }
    if (!take_one(endpoint.connections, limits.endpoint_limits.connections)) {
      state_->connections.fetch_sub(1);
      wake(ClusterState::kConnectionSlot);
      free_request(pool);
      return wait_for(ClusterState::kConnectionSlot);
    }
  }
  attempt.pool_ = &pool;
  counters_.attempts.add();
  endpoint.picked.fetch_add(1, std::memory_order_relaxed);
  if (idle != nullptr) {
    pool.lease(*idle, attempt);
    return Start::Ready;
  }
  const Reason why = pool.connect(attempt);
  if (why == Reason::Ok) return Start::Connecting;
  attempt.failed(why);
  return Start::Failed;
}

EndpointState* LocalCluster::pick(const Attempt& attempt) {
  PickInput input;
  input.tried = attempt.options_.tried;
  input.random = attempt.options_.random;
  const EndpointLimits& limits = spec().endpoint_limits;
  if (limits.connections != kNoLimit || limits.requests != kNoLimit) {
    input.has_room = has_room;
    input.limits = this;
  }
  EndpointState* endpoint = version_->balancer->pick(input);
  if (endpoint != nullptr || input.tried.empty()) return endpoint;
  input.tried = {};
  return version_->balancer->pick(input);
}

bool LocalCluster::has_room(const void* self, const EndpointState& endpoint) {
  const LocalCluster& cluster = *static_cast<const LocalCluster*>(self);
  const EndpointLimits& limits = cluster.spec().endpoint_limits;
  if (endpoint.requests.load() >= limits.requests) return false;
  if (endpoint.connections.load() < limits.connections) return true;
  const std::uint32_t slot = endpoint.slot;
  return slot < cluster.pools_.size() && cluster.pools_[slot] != nullptr &&
         cluster.pools_[slot]->has_idle();
}

EndpointPool& LocalCluster::pool_of(EndpointState& endpoint) {
  if (endpoint.slot >= pools_.size()) pools_.resize(endpoint.slot + 1);
  std::unique_ptr<EndpointPool>& pool = pools_[endpoint.slot];
  if (pool == nullptr) {
    pool = std::make_unique<EndpointPool>(*this, endpoint);
    ++pool_count_;
  }
  return *pool;
}

bool LocalCluster::close_idle() {
  if (counters_.connections_idle.value() == 0) return false;
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    close_next_ = close_next_ + 1 < pools_.size() ? close_next_ + 1 : 0;
    EndpointPool* const pool = pools_[close_next_].get();
    if (pool != nullptr && pool->close_oldest_idle()) return true;
  }
  return false;
}

bool LocalCluster::make_descriptor() {
  return owner_.close_idle();
}

void LocalCluster::give_up_connection(unsigned asker) {
  giving_to_ = asker;
  close_idle();
  giving_to_.reset();
}

bool LocalCluster::others_need_connections() const {
  if (!waiters_.empty() || state_->waiting.load() == 0) return false;
  return state_->connections.load() >= spec().limits.connections ||
         spec().endpoint_limits.connections != kNoLimit;
}

void LocalCluster::free_request(EndpointPool& pool) {
  counters_.requests_active.add(-1);
  pool.endpoint().requests.fetch_sub(1);
  state_->requests.fetch_sub(1);
  wake(ClusterState::kRequestSlot);
  pool.drop_use();
}

void LocalCluster::free_connection(EndpointPool& pool) {
  pool.endpoint().connections.fetch_sub(1);
  state_->connections.fetch_sub(1);
  constexpr auto kSlot = ClusterState::kConnectionSlot;
  const bool self =
      giving_to_ ? state_->wake(kSlot, *giving_to_, reactor_) : state_->wake_one(kSlot, reactor_);
  if (self) serve_soon();
  pool.end_if_empty();
}

void LocalCluster::serve() {
  while (serve_first()) {
  }
  // A slot of a kind that nobody waits for here is for somebody else.
  const unsigned waits_for = waiters_.empty() ? 0 : waits_for_;
  if (version_ && (waits_for & ClusterState::kRequestSlot) == 0 &&
      state_->requests.load() < spec().limits.requests) {
    wake(ClusterState::kRequestSlot);
  }
  if (version_ && (waits_for & ClusterState::kConnectionSlot) == 0 &&
      (state_->connections.load() < spec().limits.connections ||
       counters_.connections_idle.value() > 0)) {
    wake(ClusterState::kConnectionSlot);
  }
  arm_deadline();
}

void LocalCluster::wake(ClusterState::Slot slot) {
  if (state_->wake_one(slot, reactor_)) serve_soon();
}

bool LocalCluster::serve_first() {
  Attempt* const attempt = waiters_.front();
  if (attempt == nullptr) return false;
  const Start start = try_or_announce(*attempt);
  if (start == Start::Wait) return false;
  dequeue(*attempt);
  if (start == Start::Ready) {
    attempt->owner_.on_connection(*attempt);
  } else if (start == Start::Failed) {
    attempt->owner_.on_no_connection(*attempt, attempt->failure_);
  }
  return true;
}

void LocalCluster::dequeue(Attempt& attempt) {
  attempt.unlink();
  attempt.queue_us_ = static_cast<std::uint32_t>(reactor_.loop().turn_us() - attempt.queued_us_);
  if (attempt.stage_ == Attempt::Stage::Queued) attempt.stage_ = Attempt::Stage::Idle;
  counters_.queued.add(-1);
  state_->waiting.fetch_sub(1);
}

void LocalCluster::leave_queue(Attempt& attempt) {
  dequeue(attempt);
  // The next may need less than this one did.
  if (!waiters_.empty()) serve_soon();
}

void LocalCluster::expire() {
  const std::uint64_t now = reactor_.loop().now();
  while (Attempt* attempt = waiters_.front()) {
    if (attempt->deadline_ms_ > now) break;
    dequeue(*attempt);
    counters_.queue_timeouts.add();
    attempt->failed(Reason::QueueTimeout);
    attempt->owner_.on_no_connection(*attempt, Reason::QueueTimeout);
  }
  if (!waiters_.empty()) serve_soon();
  arm_deadline();
}

void LocalCluster::arm_deadline() {
  if (Attempt* first = waiters_.front()) {
    const std::uint64_t now = reactor_.loop().now();
    deadline_.arm(first->deadline_ms_ > now ? first->deadline_ms_ - now : 0);
  }
}

}  // namespace weir::upstream
