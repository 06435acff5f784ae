#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/position.h"
#include "config/sources.h"

namespace weir::config {

enum class Severity : std::uint8_t { Error, Warning, Note };
std::string_view name_of(Severity severity);

struct Diagnostic {
  Severity severity = Severity::Error;
  Position where;
  std::string path;     // in the grammar of KeyPath, of long keys the beginning; may be empty
  std::string message;  // lower case, no full stop; says what to do about it
  // Of a value that took the place of a lower layer's: where that was written.
  Position overridden{};
  // An item of a lower layer that this one was probably meant to change, and its place.
  std::string meant{};
  Position meant_where{};
  // Of what several layers wrote and is wrong as a whole: where those wrote it that `where` does
  // not name, each once.
  std::vector<Position> together{};

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// Every problem of a configuration, not only the first. Not thread-safe.
class Diagnostics {
 public:
  // More are counted and not kept, so that hostile input cannot fill the memory.
  static constexpr std::size_t kMaxKept = 1000;

  void add(Diagnostic diagnostic);
  void error(Position where, std::string path, std::string message);
  void warning(Position where, std::string path, std::string message);
  void note(Position where, std::string path, std::string message);

  // What is to be told with every problem of a place, in whatever order they come.
  void set_overridden(Position where, Position lower) {
    if (where != lower) overridden_[where] = lower;
  }
  bool is_over_lower(Position where) const { return overridden_.contains(where); }
  // That the item at `where` was probably meant for the one of that name, at `there`.
  void set_meant(Position where, std::string name, Position there) {
    meant_[where] = {std::move(name), there};
  }
  // That the item at `where` has no name and stands over a list that has items.
  void set_nameless(Position where) { nameless_.insert(where); }
  // That those which were kept after the first `from` are about what is missing: it may be in the
  // item that was meant.
  void suggest(std::size_t from);
  // That the item at `where`, a filter or a chain, stands elsewhere than it is written, since what
  // is at `by` is written too.
  void set_moved(Position where, Position by) { moved_[where] = by; }
  // Where that was; unknown when it was not.
  Position moved_by(Position where) const {
    const auto found = moved_.find(where);
    return found == moved_.end() ? Position() : found->second;
  }
  // That nobody knows where in its list the item at `where` stands.
  void set_unplaced(Position where) { unplaced_.insert(where); }
  bool is_unplaced(Position where) const { return unplaced_.contains(where); }
  // What is only worth telling when no error is about its path or what is below, which is known
  // when finish() is called.
  void add_if_sound(Diagnostic diagnostic) { if_sound_.push_back(std::move(diagnostic)); }
  void finish();

  // That the layer at `by` took away what was at `path`.
  void set_deleted(std::string path, Position by) { deleted_[std::move(path)] = by; }
  // Where that was said; unknown when it was not.
  Position deleted_at(const std::string& path) const {
    const auto found = deleted_.find(path);
    return found == deleted_.end() ? Position() : found->second;
  }
  // That the item at `where` is new in a list of a lower layer.
  void set_added(Position where) { added_.insert(where); }
  bool is_added(Position where) const { return added_.contains(where); }
  // That what is switched off at `off` was written anew at `by`, and not switched on there.
  void set_kept_off(Position off, Position by) { kept_off_[off] = by; }
  // Where that was; unknown when it was not.
  Position kept_off_by(Position off) const {
    const auto found = kept_off_.find(off);
    return found == kept_off_.end() ? Position() : found->second;
  }
  // That a layer changed at `by` what is at `path` and was written at `where`.
  void set_changed(const std::string& path, Position where, Position by);
  // That those which were kept after the first `from` concern all of what is at `path`, whichever
  // layers wrote it.
  void involve(std::size_t from, const std::string& path);
  // That what was meant for `path` is written under a key that nobody knows.
  void set_misspelt(std::string path) { misspelt_.insert(std::move(path)); }
  // That what is at `path` has a key that nobody knows and that is near to none.
  void set_unknown(std::string path) { unknown_.insert(std::move(path)); }
  bool has_unknown(const std::string& path) const { return unknown_.contains(path); }
  // Whether what is at `path` could not be read as a whole, so that nothing follows from it.
  bool is_unread(const std::string& path) const;

  // Of all that were added.
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  bool ok() const { return errors_ == 0; }
  // Whether one of that severity was kept of exactly this place.
  bool has_at(Severity severity, Position where) const;
  // Whether one of that severity was kept of what is at `path` or below it.
  bool has_below(Severity severity, std::string_view path) const;
  // Whether one that was kept of what is at `path` or below it says what else was probably meant.
  bool is_meant_otherwise(std::string_view path) const;
  // Whether no error is about anything but what is at `path` or below it.
  bool ok_outside(std::string_view path) const;
  std::size_t kept() const { return kept_.size(); }
  // Whether no more are kept, so that nobody needs the words of the next.
  bool full() const { return kept_.size() == kMaxKept; }
  // How many were counted and not kept.
  std::size_t dropped() const { return dropped_; }

  // Those kept, by source, line and column; what was said twice, once.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> kept_;
  std::vector<Diagnostic> if_sound_;
  std::map<Position, Position> overridden_;
  std::map<Position, std::pair<std::string, Position>> meant_;
  std::set<Position> nameless_;
  std::map<Position, Position> moved_;
  std::set<Position> unplaced_;
  std::map<std::string, Position> deleted_;
  std::map<std::string, std::vector<Position>> changed_;  // by a layer each, the lowest first
  std::set<Position> added_;
  std::map<Position, Position> kept_off_;
  std::set<std::string> misspelt_;
  std::set<std::string> unknown_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  std::size_t dropped_ = 0;
};

// `file:line:col`, as far as known; printable.
std::string place_text(Position where, const Sources& sources);

// How to print for a person: on a terminal with both.
struct TextStyle {
  bool source_lines = false;  // the line and a caret below each
  bool colour = false;
};

// One `file:line:col: error: key.path: message` a line, sorted.
std::string to_text(const Diagnostics& diagnostics, const Sources& sources, TextStyle style = {});

// {"errors": 1, "warnings": 0, "dropped": 0, "problems": [{"severity", "file", "line", "column",
// "path", "message", "overridden", "meant", "together"}]}; what is not known is absent. The last
// three have "file", "line" and "column" of their own, "together" a list of them.
std::string to_json(const Diagnostics& diagnostics, const Sources& sources);
// One of those problems.
std::string to_json(const Diagnostic& diagnostic, const Sources& sources);

}  // namespace weir::config
