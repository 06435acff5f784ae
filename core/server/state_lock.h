#pragma once

#include <functional>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/net/descriptor.h"

namespace weir::server {

// That no other process keeps its state in the same file, where each would undo what was set in the
// other. It is a lock on a file beside it, PATH.lock, which stays there, since the file itself is
// another one whenever it is written; it ends with the process, however that ends.
class StateLock {
 public:
  // Of no file.
  StateLock() = default;

  // For the file at `path`, or for none when that is empty. `held` is what this process has
  // already, which may be the same file under another name, and stays as it is. A file that another
  // process has is an error. Where no lock can be made there is none: nothing can be written there
  // either, which StateFile tells.
  // `before_look`, if any, is called whenever a file is locked and not yet seen to be the one that
  // is there: tests put another one there.
  static Result<StateLock> take(const std::string& path, const StateLock& held,
                                const std::function<void()>& before_look = {});

  // Whether it is a lock, and was taken for `path`.
  bool is_of(const std::string& path) const { return file_ && path_ == path; }
  // That another file is locked than by `before`.
  bool replaces(const StateLock& before) const;

 private:
  StateLock(std::string path, net::Descriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  net::Descriptor file_;
};

}  // namespace weir::server
