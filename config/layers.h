#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "config/file_text.h"
#include "config/node.h"
#include "config/reading.h"
#include "config/sources.h"
#include "core/base/files_read.h"
#include "core/base/result.h"

namespace weir::config {

// The files of one configuration, each a layer, lowest first. Not thread-safe.
class Layers {
 public:
  // More is an error: a glob that found what nobody meant.
  struct Limits {
    std::size_t files = 1000;
    std::size_t bytes = 64 << 20;  // of all files together
    Pipes pipes = Pipes::Awaited;  // among those that add() names
  };

  struct Layer {
    Node tree;  // without `include`
    std::uint32_t source = 0;
    // Of the files of one directory that was named as a whole; 0 otherwise.
    std::uint32_t directory = 0;
  };

  // `sources` and `reading` outlive this. What is wrong inside of files goes to `reading`.
  Layers(Sources& sources, Reading& reading, const Limits& limits)
      : sources_(sources), reading_(reading), limits_(limits) {}
  Layers(Sources& sources, Reading& reading) : Layers(sources, reading, Limits()) {}

  // Adds the file at `path`, or all *.yaml and *.yml of the directory there in the order of their
  // names, above those before; also those behind one that cannot be read. Below each file come
  // those that its `include` names, as paths or globs relative to it. A file that is reached again
  // counts once, at its lowest place. An error when `path` itself cannot be read. A pipe is read
  // when it is named here, and nowhere else, if the limits let it be read at all.
  Result<void> add(const std::string& path);
  // Adds a source that is there already; its includes as above.
  void add_source(std::uint32_t source);

  std::vector<Layer>& list() { return list_; }
  // What was read or looked for, for those who watch it.
  const FilesRead& files() const { return files_; }
  // False when a file has no tree, which was reported: what the others come to without it says
  // nothing.
  bool complete() const { return complete_; }
  // Whether a limit is passed, so that no more can be added.
  bool full() const { return full_; }
  // The sources of all layers of the directory of `layer`.
  std::vector<std::uint32_t> equals(const Layer& layer) const;

 private:
  Result<void> add_directory(const std::string& path);
  Result<void> add_file(const std::string& path, std::uint32_t directory, Pipes pipes);
  void add_tree(std::uint32_t source, std::uint32_t directory);
  void include(Node& tree);
  void include_pattern(const Node& pattern, Reading& reading);
  void warn_of_none(const std::string& path, const Node& pattern, Reading& reading);
  void include_file(const std::string& path, const Node& pattern, Reading& reading);
  void refuse(const Node& pattern, std::string message, Reading& reading);

  Sources& sources_;
  Reading& reading_;
  Limits limits_;
  std::size_t bytes_ = 0;
  bool complete_ = true;
  bool full_ = false;  // a limit is passed, which was reported: nothing more is included
  std::vector<Layer> list_;
  FilesRead files_;
  std::set<std::string> known_;  // files that are in the list, or on their way there
  std::set<std::string> open_;   // those on their way
  std::uint32_t directories_ = 0;
};

}  // namespace weir::config
