#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/files_read.h"
#include "core/event/directory_watch.h"
#include "core/event/loop.h"
#include "core/event/timer.h"
#include "core/event/watch_points.h"

namespace weir::event {

// Says when files are not any more what they were when they were read: written, replaced by a
// rename, by another link somewhere on the way to them, removed, or come into being. Told by the
// system within a moment, and found by looking where that tells nothing. Belongs to the loop's
// thread; the file system, which may hang, is asked by a thread for each look.
class FileWatcher final : private DirectoryWatch::Owner {
 public:
  struct Settings {
    // How long nothing more happens before changed files are taken for complete, and how long that
    // is waited for at most.
    std::chrono::milliseconds quiet{200};
    std::chrono::milliseconds most{2'000};
    std::chrono::milliseconds look_interval{30'000};
    std::size_t max_directories = 1'000;  // that the system tells about
  };
  // With a file or pattern of those that changed.
  using Changed = std::function<void(const std::string& what)>;

  FileWatcher(Loop& loop, Settings settings, Changed changed);
  FileWatcher(Loop& loop, Changed changed) : FileWatcher(loop, Settings(), std::move(changed)) {}
  FileWatcher(const FileWatcher&) = delete;
  FileWatcher& operator=(const FileWatcher&) = delete;
  ~FileWatcher();

  // Calls `changed` once when `files` have changed, also if they did already; then it is for the
  // caller to read them and to watch what that came to. In place of what was watched before.
  void watch(FilesRead files);
  void stop();

 private:
  // What the threads that look share with this.
  struct Link {
    std::mutex mutex;
    FileWatcher* watcher;  // null once that is gone
  };
  struct Look {
    std::shared_ptr<const FilesRead> files;
    bool settled = false;  // nothing has happened for a while
    std::optional<std::string> changed{};
    WatchPoints points{};
  };
  struct Directory {
    WatchPoint point;
    std::unique_ptr<DirectoryWatch> watch;  // null when the system does not
    bool stale = false;                     // may have been moved or deleted
  };

  void on_entry_changed(DirectoryWatch& watch, std::string_view name) override;
  void touched();
  void on_quiet() { look(true); }
  void on_interval() { look(false); }
  void look(bool settled);
  void looked(Look look);
  // True when the system tells of a directory now of which it did not before.
  bool update_directories(WatchPoints points);

  Loop& loop_;
  const Settings settings_;
  const Changed changed_;
  const std::shared_ptr<Link> link_;
  std::shared_ptr<const FilesRead> files_;  // null: nothing to watch
  std::map<std::string, Directory, std::less<>> directories_;
  Timer quiet_;
  Timer interval_;
  std::uint64_t first_touched_ = 0;
  bool looking_ = false;
  bool look_again_ = false;     // the interval was over meanwhile
  bool settled_again_ = false;  // it was quiet for long enough meanwhile
};

}  // namespace weir::event
