#pragma once

#include <ctime>

#include "core/event/reactor.h"
#include "core/http/date.h"

namespace weir::filters {

// The Date header of this second, formatted once. The text is a view that a response copies
// before the second is over.
class DateCache final : public event::ReactorLocal {
 public:
  explicit DateCache(event::Reactor& reactor) : loop_(reactor.loop()) {}

  std::string_view now() {
    const auto second = static_cast<std::time_t>(loop_.wall_us() / 1'000'000);
    if (second != second_) {
      second_ = second;
      http::format_date(second, text_);
    }
    return {text_.data(), text_.size()};
  }

 private:
  event::Loop& loop_;
  std::time_t second_ = 0;
  http::DateText text_;
};

}  // namespace weir::filters
