#pragma once

#include <cstdint>
#include <memory>

#include "core/filter/exchange_record.h"
#include "core/server/access_log_chunk.h"
#include "core/server/access_log_writer.h"
#include "core/server/log_format.h"

namespace weir::server {

// One worker's way into an access log: formats lines and hands them over by the chunk, never
// waiting and, in steady state, not allocating. Belongs to one worker; ends before its AccessLog.
class LogLane {
 public:
  // After the first line that is pending(), flush() is due within this time.
  static constexpr std::uint64_t kFlushMs = 200;

  LogLane(const LogFormat& format, std::shared_ptr<LogWriter> writer);
  LogLane(const LogLane&) = delete;
  LogLane& operator=(const LogLane&) = delete;
  // Hands over what is left.
  ~LogLane();

  // One line; dropped and counted when the writer is behind by all that the log may hold.
  void on_exchange(const filter::ExchangeRecord& record);
  // Hands over what waits here, unless the writer is behind.
  void flush() { hand_over(chunk_->full()); }
  // Whether a flush() has something to do.
  bool pending() const { return chunk_->lines > 0 || dropped_ > 0; }

 private:
  void hand_over(bool urgent);

  const LogFormat& format_;
  const std::shared_ptr<LogWriter> writer_;
  LogTime time_;
  std::unique_ptr<LogChunk> chunk_;
  std::uint64_t dropped_ = 0;  // not yet told to the writer
};

}  // namespace weir::server
