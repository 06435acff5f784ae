#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/base/state_registry.h"

namespace weir {

// The states of one item of the configuration: they are found again while an item stands at the
// same path. The registry lives longer.
class StateScope {
 public:
  StateScope(StateRegistry& registry, std::string path)
      : registry_(registry), path_(std::move(path)) {}

  // The item's T, which has a constructor without parameters.
  template <typename T>
  std::shared_ptr<T> share() const {
    return registry_.share<T>(path_);
  }

 private:
  StateRegistry& registry_;
  std::string path_;
};

}  // namespace weir
