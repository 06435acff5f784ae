#include "config/sources.h"

#include <filesystem>
#include <utility>

namespace weir::config {

std::uint32_t Sources::add(std::string name, std::string text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  Source source{std::move(name), std::move(text), {0}, true};
  for (std::size_t end = source.text.find('\n'); end != std::string::npos;
       end = source.text.find('\n', end + 1)) {
    source.line_starts.push_back(end + 1);
  }
  sources_.push_back(std::move(source));
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

std::uint32_t Sources::add_argument(std::string name, std::string text) {
  const std::uint32_t source = add(std::move(name), std::move(text));
  sources_[source].file = false;
  return source;
}

std::string_view Sources::line(std::uint32_t source, std::uint32_t number) const {
  if (source >= sources_.size()) return {};
  const Source& from = sources_[source];
  if (number == 0 || number > from.line_starts.size()) return {};
  const std::size_t start = from.line_starts[number - 1];
  std::string_view line = std::string_view(from.text).substr(start);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string Sources::resolve(std::uint32_t source, std::string_view path) const {
  const std::filesystem::path given(path);
  const bool has_folder = source < sources_.size() && sources_[source].file;
  if (given.is_absolute() || !has_folder) return given.string();
  return (std::filesystem::path(sources_[source].name).parent_path() / given).string();
}

}  // namespace weir::config
