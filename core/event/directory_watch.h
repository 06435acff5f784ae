#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/event/loop.h"

namespace weir::event {

// Tells of changes in one directory, by libuv; not in those below. Some file systems never do.
class DirectoryWatch {
 public:
  class Owner {
   public:
    // `name` is of the entry that changed, or of the directory when it is that itself that was
    // moved or deleted; then nothing more may come. May destroy the DirectoryWatch.
    virtual void on_entry_changed(DirectoryWatch& watch, std::string_view name) = 0;

   protected:
    ~Owner() = default;
  };

  static Result<std::unique_ptr<DirectoryWatch>> start(Loop& loop, const std::string& path,
                                                       Owner& owner);
  ~DirectoryWatch();
  DirectoryWatch(const DirectoryWatch&) = delete;
  DirectoryWatch& operator=(const DirectoryWatch&) = delete;

 private:
  struct Box;

  explicit DirectoryWatch(Box* box) : box_(box) {}

  Box* box_;
};

}  // namespace weir::event
