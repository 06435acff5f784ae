#include "core/server/access_log_lane.h"

#include <utility>

namespace weir::server {

LogLane::LogLane(const LogFormat& format, std::shared_ptr<LogWriter> writer)
    : format_(format),
      writer_(std::move(writer)),
      chunk_(std::make_unique_for_overwrite<LogChunk>()) {}

LogLane::~LogLane() {
  hand_over(true);
  if (chunk_->lines == 0) return;
  dropped_ = chunk_->lines;
  chunk_->clear();
  hand_over(true);
}

void LogLane::on_exchange(const filter::ExchangeRecord& record) {
  if (chunk_->full()) {
    if (!writer_->full()) hand_over(true);
    if (chunk_->full()) {
      ++dropped_;
      return;
    }
  }
  char* const start = chunk_->bytes.data() + chunk_->size;
  chunk_->size += static_cast<std::size_t>(format_.write(record, time_, start) - start);
  ++chunk_->lines;
  if (chunk_->full()) hand_over(true);
}

void LogLane::hand_over(bool urgent) {
  if (pending()) chunk_ = writer_->hand_over(std::move(chunk_), std::exchange(dropped_, 0), urgent);
}

}  // namespace weir::server
