#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostics.h"
#include "config/interpolate.h"
#include "config/key_path.h"
#include "config/node.h"
#include "core/base/result.h"

namespace weir::config {

// One pass over a tree: where problems go, where `${…}` comes from, and the path of the value that
// is being read. Not thread-safe.
class Reading {
 public:
  Reading(Diagnostics& diagnostics, Interpolator& interpolator)
      : diagnostics_(diagnostics), interpolator_(interpolator) {}

  // With `offline`, a `${…}` whose variable or file is not here is a note, its field keeps its
  // default, and nothing else is said about its place.
  void set_offline(bool offline) { offline_ = offline; }

  bool offline() const { return offline_; }

  // The same pass at another place of the tree.
  Reading at(std::string path) const;

  KeyPath& path() { return path_; }
  const KeyPath& path() const { return path_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  const Diagnostics& diagnostics() const { return diagnostics_; }
  [[nodiscard]] KeyPath::Step enter(std::string_view key) { return path_.enter(key); }
  [[nodiscard]] KeyPath::Step enter(std::size_t index) { return path_.enter(index); }
  [[nodiscard]] KeyPath::Step stay() { return path_.stay(); }

  // Whether the value at `where` could not be read: what follows from that is not reported.
  bool unread(Position where) const { return diagnostics_.has_at(Severity::Error, where); }

  // Whether what is at `where` had no text and may do without: it is only not here, when that is
  // `offline`.
  bool excused(Position where) const { return offline_ && !unread(where); }

  // Whether these fields of the value that is being read, such as `timeout` or `limits.queue`, and
  // what is on the way to them have no error: only then does something follow from what they are
  // together.
  bool sound(std::initializer_list<std::string_view> fields) const;

  // Whether the value that is being read was not read as a whole: something that is not found in it
  // may be in what could not be read, or under a key that nobody knows.
  bool lacks_some() const {
    return diagnostics_.is_unread(path_.text()) || diagnostics_.has_unknown(path_.text());
  }

  // Whether no error is about the item that is being read, at `item`.
  bool sound(Position item) const {
    return diagnostics_.ok() ||
           !(unread(item) || diagnostics_.has_below(Severity::Error, path_.text()));
  }

  // Whether it is not known what the item that is being read, at `item`, chooses by its `match`,
  // which was written at `match` if at all: some of it is not here or could not be read, and
  // without one it may be under a key that nobody knows.
  bool lacks_match(Position item, Position match) const;

  // Whether anything in the value that is being read is not here, when that is `offline`.
  bool lacks_values() const {
    return offline_ && diagnostics_.has_below(Severity::Note, path_.text());
  }

  // The path that was written at `where`, from the directory of that file unless it is absolute.
  std::string resolved(std::string_view path, Position where) const {
    return interpolator_.sources().resolve(where.source, path);
  }

  // `file:line:col`
  std::string place(Position where) const;
  // How a message at `here` names another place: "on line 9", with the column where that is its own
  // line, or "at base.yaml:9:5" in another file.
  std::string named_place(Position there, Position here) const;

  // A problem of the value that is being read; always false, to be returned.
  bool error(Position where, std::string message);
  bool error(const Node& node, std::string message) {
    return error(node.where(), std::move(message));
  }
  // The same of `key` below it.
  bool error_below(std::string_view key, Position where, std::string message);
  // What is not here, and may be where the configuration is for: a note when `offline`, once for
  // each place, else an error.
  void absent(Position where, std::string message);
  // What is legal there and most likely not meant, or risky.
  void warning(Position where, std::string message);
  void warning_below(std::string_view key, Position where, std::string message);

  // Tells a layer that writes anew what stays off since `off` is below; that is what a value says
  // that switches what is being read.
  void warn_if_kept_off(const Node& off);

  // What to write in place of an `off` at `where` that is no value there.
  std::string in_place_of_off(Position where) const;

  // `text`, which was read at `where`, as a message names it: what came from a file is not shown.
  std::string quoted(Position where, std::string_view text,
                     std::string_view instead = "the value") const;
  // What is wrong with the text at `where`: the message of `error`, which may tell of that text, or
  // `instead` when it came from a file.
  std::string told(Position where, const Error& error, std::string_view instead) const;
  // That values were taken from.
  const FilesRead& files() const { return interpolator_.files(); }
  const Written& written() const { return interpolator_.written(); }

  // The text of a scalar with every `${…}` replaced. Without a value the problem was reported.
  std::optional<std::string> text(const Node& scalar, Percents percents = Percents::AsTheyAre);
  // All that the file at `path` has, a path that was written at `where`. Without it the problem was
  // reported.
  std::optional<std::string> file(std::string_view path, Position where);
  // The same as text() for every scalar of a tree (not its keys), for those who read it themselves.
  // Returns false when there was a problem.
  bool replace_all(Node& tree);

 private:
  bool is_from_file(Position where) const;

  Diagnostics& diagnostics_;
  Interpolator& interpolator_;
  KeyPath path_;
  bool offline_ = false;
};

}  // namespace weir::config
