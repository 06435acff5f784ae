#include "core/base/log_message.h"

#include "core/base/escape.h"

namespace weir {

std::string LogMessage::words(std::size_t limit) const {
  std::string words;
  append_escaped(words, text, EscapeStyle::Text, limit);
  if (held_back > 0) words += " (and " + std::to_string(held_back) + " more like this)";
  return words;
}

}  // namespace weir
