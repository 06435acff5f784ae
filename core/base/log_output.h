#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "core/base/journal_socket.h"
#include "core/base/log_message.h"
#include "core/base/log_target.h"
#include "core/base/result.h"

namespace spdlog {
class formatter;
}

namespace weir {

// A line of the operational log is at most this long, which a pipe takes at once.
inline constexpr std::size_t kMaxLogLine = 4096;

// Where the operational log goes, and what its lines look like.
struct LogSpec {
  enum class Target : std::uint8_t { Stderr, File, Journal };
  enum class Form : std::uint8_t { Text, Json };

  Target target = Target::Stderr;
  Form form = Form::Text;  // the journal has its own
  std::string path{};      // of the file, or of the journal's socket

  bool operator==(const LogSpec&) const = default;
};

// The place that the lines of the operational log go to. Nothing waits: what it does not take at
// once is lost. One thread at a time.
class LogOutput {
 public:
  // Standard error itself, whatever that is at the moment.
  LogOutput();
  LogOutput(LogOutput&& other) noexcept;
  LogOutput& operator=(LogOutput&& other) noexcept;
  ~LogOutput();
  // An error when the file cannot be opened, or nobody listens at the socket.
  static Result<LogOutput> open(const LogSpec& spec);

  // An error when the message is lost.
  Result<void> write(const LogMessage& message);
  // Opens a file again, for when it was moved away; on an error the old one stays.
  Result<void> reopen();
  // The same if the path of a file has come to lead elsewhere; asks now and then.
  Result<void> follow();

 private:
  using Place = std::variant<LogTarget, JournalSocket>;

  LogOutput(Place place, LogSpec::Form form);

  Result<void> write_line(LogTarget& target, const LogMessage& message);

  Place place_;
  LogSpec::Form form_;
  std::unique_ptr<spdlog::formatter> formatter_;
  bool cut_ = false;  // the file ends in the middle of a line
};

}  // namespace weir
