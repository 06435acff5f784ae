#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

// The texts that a configuration was read from, kept so that a diagnostic can show the line.
// Indexes stay valid; views stay valid until the next add().
class Sources {
 public:
  // `name` is what diagnostics print: a file's path as it was given, or what stands for one. The
  // directory of that path is where the relative paths inside the text start.
  std::uint32_t add(std::string name, std::string text);
  // The same of a text that is in no file: its relative paths start where the process is.
  std::uint32_t add_argument(std::string name, std::string text);

  std::size_t size() const { return sources_.size(); }
  const std::string& name(std::uint32_t source) const { return sources_[source].name; }
  bool is_file(std::uint32_t source) const { return sources_[source].file; }
  const std::string& text(std::uint32_t source) const { return sources_[source].text; }
  // Line `number`, from 1, without its end; empty when there is none.
  std::string_view line(std::uint32_t source, std::uint32_t number) const;
  // `path` itself when it is absolute or the source is no file, else from its directory.
  std::string resolve(std::uint32_t source, std::string_view path) const;

 private:
  struct Source {
    std::string name;
    std::string text;
    std::vector<std::size_t> line_starts;
    bool file = true;
  };
  std::vector<Source> sources_;
};

}  // namespace weir::config
