#pragma once

#include <functional>
#include <memory>

#include "core/filter/downstream.h"
#include "core/filter/network_filter.h"

namespace weir::test {

// What the network filters of one factory do, as a test says; what is not said passes.
struct Plan {
  std::function<filter::Verdict(filter::Downstream&)> open;
  std::function<filter::Verdict(filter::Downstream&, Buffer&, bool end)> down;
  std::function<filter::Verdict(filter::Downstream&, Buffer&, bool end)> up;
};

class PlannedFilter final : public filter::NetworkFilter {
 public:
  explicit PlannedFilter(const Plan& plan) : plan_(plan) {}
  filter::Verdict on_open(filter::Downstream& downstream) override {
    return plan_.open ? plan_.open(downstream) : filter::Verdict::Continue;
  }
  filter::Verdict on_downstream_data(filter::Downstream& downstream, Buffer& data,
                                     bool end) override {
    return plan_.down ? plan_.down(downstream, data, end) : filter::Verdict::Continue;
  }
  filter::Verdict on_upstream_data(filter::Downstream& downstream, Buffer& data,
                                   bool end) override {
    return plan_.up ? plan_.up(downstream, data, end) : filter::Verdict::Continue;
  }

 private:
  const Plan& plan_;
};

class PlannedFactory final : public filter::NetworkFilterFactory {
 public:
  // `plan` outlives the factory and its filters, and may change.
  explicit PlannedFactory(const Plan& plan) : plan_(plan) {}
  std::unique_ptr<filter::NetworkFilter> join(filter::Downstream&) const override {
    return std::make_unique<PlannedFilter>(plan_);
  }

 private:
  const Plan& plan_;
};

}  // namespace weir::test
