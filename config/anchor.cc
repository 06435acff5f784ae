#include "config/anchor.h"

#include <filesystem>
#include <string>
#include <string_view>

#include "config/values.h"

namespace weir::config {
namespace {

std::string absolute(std::string_view path, std::uint32_t source, const Sources& sources) {
  std::error_code error;
  const std::string resolved = sources.resolve(source, path);
  const auto found = std::filesystem::absolute(resolved, error).lexically_normal();
  return error ? resolved : found.string();
}

std::string anchor_references(std::string_view text, std::uint32_t source, const Sources& sources) {
  constexpr std::string_view kFile = "${file:";
  std::string out;
  for (;;) {
    const std::size_t begin = text.find(kFile);
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) return out += text;
    const std::size_t path = begin + kFile.size();
    const bool escaped = begin > 0 && text[begin - 1] == '$';
    out += text.substr(0, path);
    const std::string_view inside = text.substr(path, end - path);
    out += escaped || inside.empty() ? std::string(inside) : absolute(inside, source, sources);
    text.remove_prefix(end);
  }
}

}  // namespace

void anchor_paths(const FilterSchema& filters, ValueSchema outer, const Sources& sources,
                  Node& tree) {
  const ValueSchema schema = outer.unwrapped();
  if (tree.is_scalar() && !schema.rules.verbatim) {
    const std::uint32_t source = tree.where().source;
    std::string text = anchor_references(tree.text(), source, sources);
    const std::string_view before = type_of_text(schema.type).before_path;
    const bool off = schema.rules.or_off && is_off(text);
    const bool is_path = before.empty() ? schema.rules.path : text.starts_with(before);
    const std::string path = is_path ? text.substr(before.size()) : std::string();
    // What a variable begins with may be absolute.
    if (!off && !path.empty() && !path.starts_with("${")) {
      text = std::string(before) + absolute(path, source, sources);
    }
    if (text != tree.text()) tree = Node::scalar(tree.where(), std::move(text), tree.quoted());
  }
  for (Node& item : tree.items()) anchor_paths(filters, schema.item(), sources, item);
  for (NodeEntry& entry : tree.entries()) {
    anchor_paths(filters, filters.below(schema, entry.key), sources, entry.value);
  }
}

}  // namespace weir::config
