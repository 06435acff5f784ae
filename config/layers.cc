#include "config/layers.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "config/reader.h"

namespace weir::config {
namespace {

// The one name of a file, whatever path leads there.
std::string canonical(const std::string& path) {
  std::error_code error;
  const std::filesystem::path found = std::filesystem::weakly_canonical(path, error);
  return error ? path : found.string();
}

}  // namespace

Result<void> Layers::add(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return add_directory(path);
  return add_file(path, 0, limits_.pipes);
}

Result<void> Layers::add_directory(const std::string& path) {
  for (const char* names : {"*.yaml", "*.yml"}) {
    const auto found = files_.find(FilesRead::pattern_in(path, names));
    if (!found) return found.error();
  }
  std::vector<std::string> files;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(path, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string ending = entry->path().extension().string();
    // Names with a dot in front are those of editors and package managers, and hidden from globs.
    if (entry->path().filename().string().starts_with('.')) continue;
    if (ending == ".yaml" || ending == ".yml") files.push_back(entry->path().string());
  }
  if (error) return system_error("cannot read the directory " + path, error.value());
  if (files.empty()) return config_error("there is no *.yaml and no *.yml in " + path);
  std::sort(files.begin(), files.end());
  const std::uint32_t directory = ++directories_;
  Result<void> done;
  for (const std::string& file : files) {
    Result<void> added = add_file(file, directory, Pipes::Refused);
    if (!added && done) done = std::move(added);
    if (full_) break;
  }
  return done;
}

Result<void> Layers::add_file(const std::string& path, std::uint32_t directory, Pipes pipes) {
  files_.add(path);
  const std::string name = canonical(path);
  if (known_.contains(name)) return {};
  if (known_.size() == limits_.files) {
    full_ = true;
    return config_error("a configuration has at most " + std::to_string(limits_.files) + " files");
  }
  auto source = load_file(path, sources_, pipes);
  if (!source) return std::move(source).error();
  known_.insert(name);
  bytes_ += sources_.text(*source).size();
  if (bytes_ > limits_.bytes) {
    full_ = true;
    return config_error("the files of a configuration have at most " +
                        std::to_string(limits_.bytes) + " bytes together");
  }
  open_.insert(name);
  add_tree(*source, directory);
  open_.erase(name);
  return {};
}

void Layers::add_source(std::uint32_t source) {
  add_tree(source, 0);
}

void Layers::add_tree(std::uint32_t source, std::uint32_t directory) {
  std::optional<Node> tree = read_yaml(sources_, source, reading_.diagnostics());
  if (!tree) {
    complete_ = false;
    return;
  }
  include(*tree);
  list_.push_back({*std::move(tree), source, directory});
}

void Layers::include(Node& tree) {
  const NodeEntry* entry = tree.entry("include");
  if (entry == nullptr) return;
  Reading reading = reading_.at({});
  const auto step = reading.enter("include");
  const Node patterns = entry->value;
  std::erase_if(tree.entries(), [](const NodeEntry& one) { return one.key == "include"; });
  if (!patterns.is_list()) return include_pattern(patterns, reading);
  for (std::size_t i = 0; i < patterns.items().size(); ++i) {
    const auto inner = reading.enter(i);
    include_pattern(patterns.items()[i], reading);
  }
}

void Layers::include_pattern(const Node& pattern, Reading& reading) {
  if (!pattern.is_scalar()) {
    reading.error(pattern,
                  "expected a path or a list of paths, found " + std::string(pattern.kind_word()));
    return;
  }
  const std::optional<std::string> text = reading.text(pattern);
  if (!text) return;
  const std::string path = sources_.resolve(pattern.where().source, *text);
  if (path.find_first_of("*?[") == std::string::npos) return include_file(path, pattern, reading);
  const Result<std::vector<std::string>> found = files_.find(path);
  if (!found) return refuse(pattern, found.error().message, reading);
  if (found->empty()) return warn_of_none(path, pattern, reading);
  if (found->size() > limits_.files) {
    return refuse(pattern,
                  path + " finds " + std::to_string(found->size()) +
                      " files, and a configuration has at most " + std::to_string(limits_.files),
                  reading);
  }
  for (const std::string& file : *found) include_file(file, pattern, reading);
}

// A folder may be empty, as one for what another package adds.
void Layers::warn_of_none(const std::string& path, const Node& pattern, Reading& reading) {
  const std::string before = path.substr(0, path.find_first_of("*?["));
  const std::filesystem::path folder = std::filesystem::path(before).parent_path();
  std::error_code error;
  const bool there = folder.empty() || std::filesystem::is_directory(folder, error);
  std::string message =
      there ? "no file is called " + path
            : "there is no folder " + folder.string() + ", so that nothing is included";
  if (there || reading.offline()) {
    reading.diagnostics().note(pattern.where(), reading.path().text(), std::move(message));
  } else {
    reading.warning(pattern.where(), std::move(message));
  }
}

void Layers::include_file(const std::string& path, const Node& pattern, Reading& reading) {
  if (full_) return;
  files_.add(path);
  std::error_code error;
  if (open_.find(canonical(path)) != open_.end()) {
    refuse(pattern, path + " includes itself", reading);
  } else if (std::filesystem::is_directory(path, error)) {
    refuse(pattern, path + " is a directory: write " + path + "/*.yaml", reading);
  } else if (Result<void> added = add_file(path, 0, Pipes::Refused); !added) {
    refuse(pattern, std::move(added).error().message, reading);
  }
}

void Layers::refuse(const Node& pattern, std::string message, Reading& reading) {
  if (reading.offline()) {
    reading.diagnostics().note(pattern.where(), reading.path().text(), std::move(message));
    return;
  }
  reading.error(pattern, std::move(message));
  complete_ = false;
}

std::vector<std::uint32_t> Layers::equals(const Layer& layer) const {
  std::vector<std::uint32_t> sources;
  if (layer.directory == 0) return sources;
  for (const Layer& other : list_) {
    if (other.directory == layer.directory) sources.push_back(other.source);
  }
  return sources;
}

}  // namespace weir::config
