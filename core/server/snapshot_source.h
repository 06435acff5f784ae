#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/files_read.h"
#include "core/server/snapshot.h"

namespace weir::server {

// One thing that is wrong with a configuration, or with putting it into effect.
struct Problem {
  std::string text;    // a line, as a person reads it: "weir.yaml:3:5: error: …"
  std::string json{};  // for tools, the object that `weir check --json` has for it; may be empty
};

// What there was besides the problems that are told: more than anybody reads.
struct MoreProblems {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t dropped = 0;  // counted, and nothing else known
};

// What reading a configuration came to.
struct LoadedSnapshot {
  std::unique_ptr<Snapshot> snapshot;  // null when there is an error
  bool unreadable = false;             // the error is that there is nothing to read
  std::vector<Problem> problems = {};  // errors and warnings
  MoreProblems more = {};
  // What it was read from, or tried to be: with an error, what may have to change.
  FilesRead files = {};
};

// Where Snapshots come from. load() is called on the builder thread, one call at a time, at the
// start and for every reload; it reads everything anew, so that the Snapshot owes nothing to the
// one before but the states that its filters share. Lives longer than the Server.
class SnapshotSource {
 public:
  virtual LoadedSnapshot load(std::uint64_t number) = 0;

 protected:
  ~SnapshotSource() = default;
};

}  // namespace weir::server
