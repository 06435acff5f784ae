#include "core/event/file_watcher.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/log.h"

namespace weir::event {
namespace {

LogLimit unwatched_limit(std::chrono::hours(1));

std::uint64_t count(std::chrono::milliseconds time) {
  return static_cast<std::uint64_t>(time.count());
}

}  // namespace

FileWatcher::FileWatcher(Loop& loop, Settings settings, Changed changed)
    : loop_(loop),
      settings_(settings),
      changed_(std::move(changed)),
      link_(std::make_shared<Link>()),
      quiet_(Timer::of<&FileWatcher::on_quiet>(loop.timers(), this)),
      interval_(Timer::of<&FileWatcher::on_interval>(loop.timers(), this)) {
  link_->watcher = this;
}

FileWatcher::~FileWatcher() {
  const std::lock_guard lock(link_->mutex);
  link_->watcher = nullptr;
}

void FileWatcher::watch(FilesRead files) {
  quiet_.cancel();
  files_ = std::make_shared<const FilesRead>(std::move(files));
  look(false);
}

void FileWatcher::stop() {
  files_ = nullptr;
  directories_.clear();
  quiet_.cancel();
  interval_.cancel();
}

void FileWatcher::on_entry_changed(DirectoryWatch& watch, std::string_view name) {
  const auto found =
      std::find_if(directories_.begin(), directories_.end(),
                   [&watch](const auto& entry) { return entry.second.watch.get() == &watch; });
  auto& [path, directory] = *found;
  const bool itself = name.empty() || std::filesystem::path(path).filename() == name;
  if (itself) directory.stale = true;
  if (itself || directory.point.concerns(name)) touched();
}

void FileWatcher::touched() {
  if (files_ == nullptr) return;
  if (!quiet_.armed()) first_touched_ = loop_.now();
  const std::uint64_t waited = loop_.now() - first_touched_;
  const std::uint64_t most = count(settings_.most);
  quiet_.arm(std::min(count(settings_.quiet), waited < most ? most - waited : 0));
}

void FileWatcher::look(bool settled) {
  interval_.arm(count(settings_.look_interval));
  if (looking_) {
    (settled ? settled_again_ : look_again_) = true;
    return;
  }
  const auto run = [link = link_, most = settings_.max_directories](Look look) {
    look.changed = look.files->changed();
    look.points = watch_points(*look.files, most);
    const std::lock_guard lock(link->mutex);
    if (link->watcher == nullptr) return;
    link->watcher->loop_.post([link, look = std::move(look)]() mutable {
      if (link->watcher != nullptr) link->watcher->looked(std::move(look));
    });
  };
  try {
    std::thread(run, Look{.files = files_, .settled = settled}).detach();
    looking_ = true;
  } catch (const std::system_error&) {
    // The next interval tries again.
  }
}

void FileWatcher::looked(Look look) {
  looking_ = false;
  const bool again = std::exchange(look_again_, false);
  const bool settled_again = std::exchange(settled_again_, false);
  if (files_ == nullptr) return;
  if (look.files != files_) return this->look(false);
  const bool more_watched = update_directories(std::move(look.points));
  if (look.changed && look.settled) {
    files_ = nullptr;
    quiet_.cancel();
    interval_.cancel();
    changed_(*look.changed);
  } else if (settled_again) {
    this->look(true);
  } else if (look.changed || more_watched || again) {
    // Something may have happened before the system was to tell.
    touched();
  }
}

bool FileWatcher::update_directories(WatchPoints points) {
  bool more = false;
  std::erase_if(directories_,
                [&points](const auto& entry) { return points.find(entry.first) == points.end(); });
  for (auto& [path, point] : points) {
    Directory& directory = directories_[path];
    const bool same = directory.watch != nullptr && !directory.stale &&
                      directory.point.device == point.device &&
                      directory.point.inode == point.inode;
    directory.point = std::move(point);
    if (same) continue;
    directory.stale = false;
    auto watch = DirectoryWatch::start(loop_, path, *this);
    if (watch) {
      directory.watch = *std::move(watch);
      more = true;
      continue;
    }
    directory.watch = nullptr;
    // A directory that may not be read is none that files are put into while this runs.
    if (watch.error().code == EACCES || watch.error().code == ENOENT) continue;
    log(unwatched_limit, LogLevel::Warning, "event",
        "{}: changes there are seen every {} seconds only", watch.error().message,
        settings_.look_interval.count() / 1'000);
  }
  return more;
}

}  // namespace weir::event
