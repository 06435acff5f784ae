#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>

namespace weir {

// What outlives a Snapshot: a state of a type under a name, such as the counts of one filter. It
// lives as long as somebody holds it, which is what a Snapshot consists of and what runs by it, a
// connection for instance; whoever asks meanwhile gets the same one.
//
// A state is made without settings: those belong to a Snapshot, which may never be published, so
// that asking changes nothing for those who hold it already. Any thread; a state is used by those
// of several Snapshots at once, and destroyed by the last who lets go.
class StateRegistry {
 public:
  StateRegistry() = default;
  StateRegistry(const StateRegistry&) = delete;
  StateRegistry& operator=(const StateRegistry&) = delete;

  template <typename T>
  std::shared_ptr<T> share(std::string_view name) {
    return std::static_pointer_cast<T>(
        find_or_make({typeid(T), std::string(name)}, &make_state<T>));
  }

 private:
  using Key = std::pair<std::type_index, std::string>;
  using Make = std::shared_ptr<void> (*)();

  template <typename T>
  static std::shared_ptr<void> make_state() {
    return std::make_shared<T>();
  }
  std::shared_ptr<void> find_or_make(const Key& key, Make make);

  std::mutex mutex_;
  std::map<Key, std::weak_ptr<void>> entries_;
  std::size_t sweep_at_ = 64;  // entries; so many make it worth to look for those that nobody holds
};

}  // namespace weir
