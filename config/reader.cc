#include "config/reader.h"

#include <exception>
#include <istream>
#include <streambuf>
#include <string_view>
#include <utility>

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "config/source_check.h"
#include "config/tree_builder.h"
#include "config/yaml_error.h"

namespace weir::config {

namespace {

// Reads a text where it lies.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

void report(const YAML::Exception& exception, const TreeBuilder& builder, const Sources& sources,
            std::uint32_t source, Diagnostics& diagnostics) {
  const Position where = builder.position(exception.mark);
  YamlError error;
  error.text = sources.line(source, where.line);
  error.column = where.column > 0 ? where.column - 1 : 0;
  error.message = exception.msg;
  error.open_bracket = builder.open_bracket();
  diagnostics.error(where, {}, explain(error));
}

// yaml-cpp throws; this is where it ends. False when the text is not YAML, which was reported.
bool parse(const Sources& sources, std::uint32_t source, TreeBuilder& builder,
           Diagnostics& diagnostics) {
  ViewBuffer buffer(sources.text(source));
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return true;
    // What is left would be a second document, which the builder refuses.
    if (!builder.stopped()) parser.HandleNextDocument(builder);
    return true;
  } catch (const YAML::Exception& exception) {
    // After a limit, its error is the one that matters.
    if (!builder.stopped()) report(exception, builder, sources, source, diagnostics);
  } catch (const std::exception& exception) {
    diagnostics.error({source}, {}, exception.what());
  }
  return false;
}

}  // namespace

std::optional<Node> read_yaml(const Sources& sources, std::uint32_t source,
                              Diagnostics& diagnostics, const Limits& limits) {
  if (!check_source(sources, source, limits, diagnostics)) return std::nullopt;
  TreeBuilder builder(sources, source, diagnostics, limits);
  if (!parse(sources, source, builder, diagnostics) || builder.stopped()) return std::nullopt;
  std::optional<Node> tree = builder.take();
  if (!tree || tree->is_null()) return Node::map({source, 1, 1});
  return tree;
}

Result<std::uint32_t> load_file(const std::string& path, Sources& sources, Pipes pipes,
                                const Limits& limits) {
  // One byte more than there may be tells that there is more.
  WEIR_TRY(text, file_text(path, limits.bytes + 1, pipes));
  return sources.add(path, std::move(text));
}

}  // namespace weir::config
