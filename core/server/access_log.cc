#include "core/server/access_log.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/base/log.h"

namespace weir::server {

Result<std::unique_ptr<AccessLog>> AccessLog::open(Settings settings) {
  WEIR_TRY(target, LogTarget::open(settings.kind, std::move(settings.path)));
  LogWriter::Settings writer_settings{
      .max_chunks = std::max<std::size_t>(1, settings.max_bytes / sizeof(LogChunk)),
      .report_interval = settings.report_interval,
      .report = std::move(settings.report),
      .totals = std::move(settings.totals)};
  if (!writer_settings.report) {
    writer_settings.report = [](std::string_view trouble) {
      log_warning("access_log", "{}", trouble);
    };
  }
  WEIR_TRY(writer, LogWriter::start(std::move(target), std::move(writer_settings)));
  return std::unique_ptr<AccessLog>(
      new AccessLog(std::move(settings.name), std::move(settings.format), std::move(writer)));
}

AccessLog::AccessLog(std::string name, LogFormat format, std::shared_ptr<LogWriter> writer)
    : name_(std::move(name)), format_(std::move(format)), writer_(std::move(writer)) {}

AccessLog::~AccessLog() {
  writer_->abandon(kLinger);
}

std::unique_ptr<LogLane> AccessLog::add_lane() {
  return std::make_unique<LogLane>(format_, writer_);
}

}  // namespace weir::server
