#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::config {

// Follows a text of YAML to tell where it has texts in blocks, `key: |`, or in quotes, in which
// brackets open nothing. It knows as much of YAML as most people write, and gives up where more is
// needed, as where a plain text goes on in the next line: nothing behind that is taken for such a
// text.
class BlockTexts {
 public:
  explicit BlockTexts(std::string_view text) : text_(text) { begin_line(0); }

  // Whether the character at `index` is in a block or in quotes. For each character once, in order.
  bool holds(std::size_t index);

 private:
  enum class State : std::uint8_t { Start, Plain, Name, Double, Escaped, Single, Comment, Lost };

  void begin_line(std::size_t at);
  void end_line(std::size_t at);
  void start(std::size_t index);
  void start_in_brackets(std::size_t index);
  void plain(std::size_t index);
  void bracket(char c);
  bool blank_at(std::size_t index) const;
  bool ends_at(std::size_t index) const;
  bool is_header(std::size_t index) const;
  void begin_value();

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::string_view text_;
  State state_ = State::Start;
  std::size_t open_ = 0;  // brackets
  std::size_t end_ = 0;   // of the last block
  // Of the line: where it begins, and the column of the innermost list or map that it begins or
  // goes on with, which is deeper than those before; then that of what may be a key.
  std::size_t line_ = 0;
  std::size_t indent_ = kNone;
  std::size_t key_ = kNone;
  bool value_ = false;   // the key is behind
  bool header_ = false;  // a block begins in the next
};

}  // namespace weir::config
