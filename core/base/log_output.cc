#include "core/base/log_output.h"

#include <cerrno>
#include <utility>

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>

#include "core/base/escape.h"

namespace weir {
namespace {

// What a line has beside the text of its message: in JSON, 140 bytes.
constexpr std::size_t kRest = 192;

std::unique_ptr<spdlog::formatter> make_formatter(LogSpec::Form form) {
  return std::make_unique<spdlog::pattern_formatter>(
      form == LogSpec::Form::Json
          ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","part":"%n","message":%v})"
          : "%Y-%m-%dT%H:%M:%S.%eZ %l %n: %v",
      spdlog::pattern_time_type::utc);
}

std::string json_body(const LogMessage& message) {
  std::string body = "\"";
  append_escaped(body, message.text, EscapeStyle::Json, kMaxLogLine - kRest);
  body += "\",\"held_back\":" + std::to_string(message.held_back);
  return body;
}

}  // namespace

LogOutput::LogOutput() : LogOutput(LogTarget::standard_error(), LogSpec::Form::Text) {}

LogOutput::LogOutput(Place place, LogSpec::Form form)
    : place_(std::move(place)), form_(form), formatter_(make_formatter(form)) {}

LogOutput::LogOutput(LogOutput&& other) noexcept = default;
LogOutput& LogOutput::operator=(LogOutput&& other) noexcept = default;
LogOutput::~LogOutput() = default;

Result<LogOutput> LogOutput::open(const LogSpec& spec) {
  switch (spec.target) {
    case LogSpec::Target::File: {
      WEIR_TRY(file, LogTarget::open(LogTarget::Kind::File, spec.path));
      return LogOutput(std::move(file), spec.form);
    }
    case LogSpec::Target::Journal: {
      WEIR_TRY(journal, JournalSocket::open(spec.path));
      return LogOutput(std::move(journal), spec.form);
    }
    case LogSpec::Target::Stderr:
      break;
  }
  return LogOutput(LogTarget::standard_error(), spec.form);
}

Result<void> LogOutput::write(const LogMessage& message) {
  if (auto* journal = std::get_if<JournalSocket>(&place_)) return journal->send(message);
  return write_line(std::get<LogTarget>(place_), message);
}

Result<void> LogOutput::write_line(LogTarget& target, const LogMessage& message) {
  const std::string body =
      form_ == LogSpec::Form::Json ? json_body(message) : message.words(kMaxLogLine - kRest);
  const std::string_view part = message.part.name();
  const spdlog::details::log_msg told({part.data(), part.size()},
                                      static_cast<spdlog::level::level_enum>(message.level), body);
  spdlog::memory_buf_t line;
  if (cut_) line.push_back('\n');
  formatter_->format(told, line);
  const ssize_t written = target.write_some({line.data(), line.size()});
  if (written > 0) cut_ = line[static_cast<std::size_t>(written) - 1] != '\n';
  if (written == static_cast<ssize_t>(line.size())) return {};
  if (written == -EAGAIN) {
    return Error{ErrorOrigin::System,
                 target.name() + " takes no more lines: its reader is too slow"};
  }
  return system_error(target.name() + " cannot be written",
                      written < 0 ? static_cast<int>(-written) : ENOSPC);
}

Result<void> LogOutput::reopen() {
  auto* file = std::get_if<LogTarget>(&place_);
  return file == nullptr ? Result<void>() : file->reopen();
}

Result<void> LogOutput::follow() {
  auto* file = std::get_if<LogTarget>(&place_);
  return file == nullptr ? Result<void>() : file->follow();
}

}  // namespace weir
