#include "config/yaml_text.h"

#include <algorithm>
#include <string_view>

#include "core/base/escape.h"

namespace weir::config {
namespace {

constexpr std::size_t kShortList = 80;

bool is_plain_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_./%+-*@=~:,() ").find(c) != std::string_view::npos;
}

// Whether YAML takes the text for itself without quotes, in brackets too.
bool is_plain(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  const char first = text.front();
  if (std::string_view("%*@,:=~").find(first) != std::string_view::npos) return false;
  if (first == '-' && (text.size() == 1 || text[1] == ' ' || text[1] == '-')) return false;
  if (!std::all_of(text.begin(), text.end(), is_plain_character)) return false;
  return text.find(": ") == std::string_view::npos && text.find(',') == std::string_view::npos &&
         text != "null" && text != "Null" && text != "NULL";
}

std::string quoted(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (const unsigned unseen = unseen_character(text.substr(i))) {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[unseen >> shift & 15];
      i += unseen < 0x800 ? 1 : 2;
    } else if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      ((out += "\\x") += kDigits[byte >> 4]) += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : quoted(text);
}

// In one line, or empty when it is not short.
std::string short_list(const Node& list) {
  std::string out = "[";
  for (const Node& item : list.items()) {
    if (!item.is_scalar()) return {};
    if (out.size() > 1) out += ", ";
    out += scalar(item.text());
  }
  out += ']';
  return out.size() > kShortList ? std::string() : out;
}

class Writer {
 public:
  explicit Writer(const LineNote& note) : note_(note) {}

  // What stands behind "key:" or "-", from the blank on; ends with a newline.
  void value(const Node& node, std::size_t depth, bool in_list) {
    if (node.is_scalar()) {
      end_line(node, ' ' + scalar(node.text()));
    } else if (node.is_null()) {
      end_line(node, "");
    } else if (node.is_list() && node.items().empty()) {
      end_line(node, " []");
    } else if (const std::string line = node.is_list() && !note_ ? short_list(node) : std::string();
               !line.empty()) {
      end_line(node, ' ' + line);
    } else if (node.is_map() && node.entries().empty()) {
      end_line(node, " {}");
    } else if (node.is_map() && in_list) {
      out_ += ' ';
      map(node, depth, false);
    } else {
      out_ += '\n';
      node.is_map() ? map(node, depth, true) : list(node, depth);
    }
  }
  // `indented`: the first key, too.
  void map(const Node& node, std::size_t depth, bool indented) {
    for (const NodeEntry& entry : node.entries()) {
      if (indented) indent(depth);
      indented = true;
      (out_ += scalar(entry.key)) += ':';
      value(entry.value, depth + 1, false);
    }
  }
  std::string take() { return std::move(out_); }

 private:
  void list(const Node& node, std::size_t depth) {
    for (const Node& item : node.items()) {
      indent(depth);
      out_ += '-';
      value(item, depth + 1, true);
    }
  }
  void indent(std::size_t depth) { out_.append(2 * depth, ' '); }
  void end_line(const Node& node, std::string_view text) {
    out_ += text;
    if (note_) (out_ += "  # ") += note_(node);
    out_ += '\n';
  }

  const LineNote& note_;
  std::string out_;
};

}  // namespace

std::string to_yaml(const Node& tree, const LineNote& note) {
  Writer writer(note);
  if (tree.is_map() && !tree.entries().empty()) {
    writer.map(tree, 0, true);
    return writer.take();
  }
  writer.value(tree, 0, false);
  std::string text = writer.take();
  return text.starts_with(' ') || text.starts_with('\n') ? text.substr(1) : text;
}

}  // namespace weir::config
