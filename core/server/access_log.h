#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "core/base/log_target.h"
#include "core/base/result.h"
#include "core/server/access_log_lane.h"
#include "core/server/access_log_writer.h"
#include "core/server/log_format.h"

namespace weir::server {

// One configured access log: a line for each exchange, written by a thread of its own. Lines of one
// lane stay in order and no line is split; when the target does not keep up, lines are dropped and
// counted rather than waited for. Belongs to the control thread.
class AccessLog {
 public:
  struct Settings {
    std::string name;
    LogTarget::Kind kind = LogTarget::Kind::Stdout;
    std::string path;  // for LogTarget::Kind::File
    LogFormat format = LogFormat::json();
    // Memory of lines that wait for the writer; each lane has one chunk of 128 KiB besides.
    std::size_t max_bytes = std::size_t{4} << 20;
    std::chrono::milliseconds report_interval{10'000};
    // What is wrong with the target; without it, the operational log says so.
    LogWriter::Report report = {};
    // Of logs of this name before it too.
    std::shared_ptr<LogTotals> totals = std::make_shared<LogTotals>();
  };
  // How long the lines that are left may take once the log is destroyed.
  static constexpr std::chrono::seconds kLinger{5};

  // An error when the target cannot be opened.
  static Result<std::unique_ptr<AccessLog>> open(Settings settings);
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;
  // Does not wait: the writer ends by itself, within kLinger.
  ~AccessLog();

  // For one worker, which destroys it before this. Any thread.
  std::unique_ptr<LogLane> add_lane();

  // After the file was moved away, which the writer else sees within a second. What was handed over
  // before may go to the new file.
  void reopen() { writer_->reopen(); }
  // Waits until what lanes have handed over is written; false when that takes longer.
  bool drain(std::chrono::milliseconds wait) { return writer_->drain(wait); }
  // Ends the log once its lanes are gone; waits until all is written, or for hardly more than
  // `wait`, after which the rest is dropped and counted.
  void close(std::chrono::milliseconds wait) { writer_->close(wait); }

  LogWriter::Counts counts() const { return writer_->counts(); }
  const std::string& name() const { return name_; }

 private:
  AccessLog(std::string name, LogFormat format, std::shared_ptr<LogWriter> writer);

  const std::string name_;
  const LogFormat format_;
  const std::shared_ptr<LogWriter> writer_;
};

}  // namespace weir::server
