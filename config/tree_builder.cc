#include "config/tree_builder.h"

#include <algorithm>
#include <utility>

#include "config/key_path.h"
#include "config/source_check.h"
#include "core/base/quote.h"

namespace weir::config {

namespace {

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// Whether the quotes that begin `text` are closed somewhere; yaml-cpp forgives it at the end.
bool quotes_closed(std::string_view text) {
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool doubled = text[i] == quote && quote == '\'' && text.substr(i + 1).starts_with(quote);
    if (doubled || (quote == '"' && text[i] == '\\')) {
      ++i;
    } else if (text[i] == quote) {
      return true;
    }
  }
  return false;
}

}  // namespace

void TreeBuilder::Weight::hold(const Weight& child) {
  nodes += child.nodes;
  text += child.text;
  height = std::max(height, child.height + 1);
}

TreeBuilder::TreeBuilder(const Sources& sources, std::uint32_t source, Diagnostics& diagnostics,
                         const Limits& limits)
    : sources_(sources),
      source_(source),
      text_(sources.text(source)),
      diagnostics_(diagnostics),
      limits_(limits),
      has_tabs_(text_.find('\t') != std::string_view::npos) {}

std::optional<Node> TreeBuilder::take() {
  if (stopped_ || !frames_.empty()) return std::nullopt;
  return std::exchange(root_, std::nullopt);
}

std::optional<Position> TreeBuilder::open_bracket() const {
  if (frames_.empty() || !frames_.back().flow) return std::nullopt;
  return frames_.back().node.where();
}

Position TreeBuilder::position(const YAML::Mark& mark) const {
  if (mark.is_null()) return {source_};
  return {source_, static_cast<std::uint32_t>(mark.line) + 1,
          static_cast<std::uint32_t>(mark.column) + 1};
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (!std::exchange(started_, true)) return;
  const bool marked = text_.substr(static_cast<std::size_t>(mark.pos)).starts_with("---");
  stop(position(mark), marked ? "a second document; a file has one" : "nothing can follow here");
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (stopped_) return;
  Node node = Node::null(place_of_nothing(mark));
  if (spend(Weight{}, node.where())) add(std::move(node), Weight{}, anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (stopped_) return;
  const Position where = position(mark);
  if (++aliases_ > limits_.aliases) {
    return stop(where, "more than " + std::to_string(limits_.aliases) + " aliases");
  }
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end() || !found->second) {
    return stop(where, "the alias stands inside the value that it stands for");
  }
  const Anchored& anchored = *found->second;
  if (!spend(anchored.weight, where)) return;
  Node copy = anchored.node;
  copy.set_where(where);
  add(std::move(copy), anchored.weight, 0);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  if (stopped_) return;
  check_place(mark, tag);
  const Position where = position(mark);
  const std::string_view written = text_.substr(std::min<std::size_t>(mark.pos, text_.size()));
  const bool in_quotes = tag == "!" && (written.starts_with('"') || written.starts_with('\''));
  if (in_quotes && !quotes_closed(written)) return stop(where, "the closing quote is missing");
  const Weight weight{1, value.size(), 1};
  if (!check_text(value, where) || !spend(weight, where)) return;
  add(Node::scalar(where, value, tag == "!"), weight, anchor);
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
  open(Node::list(position(mark)), mark, tag, anchor, style);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
  open(Node::map(position(mark)), mark, tag, anchor, style);
}

void TreeBuilder::open(Node node, const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
  if (stopped_) return;
  check_place(mark, tag);
  if (!spend(Weight{}, node.where())) return;
  if (anchor != 0) anchors_[anchor] = std::nullopt;
  Frame& frame = frames_.emplace_back();
  frame.node = std::move(node);
  frame.anchor = anchor;
  frame.flow = style == YAML::EmitterStyle::Flow;
}

void TreeBuilder::close() {
  if (stopped_) return;
  Frame frame = std::move(frames_.back());
  if (frame.node.is_map()) apply_merges(frame);
  frames_.pop_back();
  add(std::move(frame.node), frame.weight, frame.anchor);
}

void TreeBuilder::add(Node node, const Weight& weight, YAML::anchor_t anchor) {
  if (anchor != 0) {
    // A copy of its own, so it counts as one.
    if (!spend(weight, node.where())) return;
    anchors_[anchor] = Anchored{node, weight};
  }
  if (frames_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = frames_.back();
  frame.weight.hold(weight);
  if (frame.node.is_map()) {
    add_to_map(frame, std::move(node));
  } else {
    frame.node.items().push_back(std::move(node));
  }
}

void TreeBuilder::add_to_map(Frame& frame, Node node) {
  if (std::exchange(frame.skip_value, false)) return;
  if (!frame.key) return take_key(frame, std::move(node));
  NodeEntry entry = *std::exchange(frame.key, std::nullopt);
  // yaml-cpp gives a value that is absent the place of whatever comes next.
  if (node.is_null()) node.set_where(entry.where);
  entry.value = std::move(node);
  if (entry.key == "<<") return take_merge(frame, std::move(entry.value));
  frame.node.entries().push_back(std::move(entry));
}

void TreeBuilder::take_key(Frame& frame, Node node) {
  const Position where = node.where();
  frame.skip_value = true;
  if (node.is_null()) return error(where, "a key must be text; quote it if it is to be this word");
  if (!node.is_scalar()) {
    return error(where, "a key must be text, and this is " + std::string(node.kind_word()));
  }
  if (node.text().find("${") != std::string::npos) {
    return error(where, "'${' is replaced in values only, never in keys");
  }
  const auto [known, is_new] = frame.keys.try_emplace(node.text(), where);
  if (!is_new) {
    frame.key = NodeEntry{node.text(), where, Node()};
    error(where, quote(node.text()) + " is written twice; the first is on line " +
                     std::to_string(known->second.line));
    frame.key.reset();
    return;
  }
  frame.skip_value = false;
  frame.key = NodeEntry{node.text(), where, Node()};
}

void TreeBuilder::take_merge(Frame& frame, Node node) {
  if (node.is_map()) {
    frame.merged.push_back(std::move(node));
    return;
  }
  if (!node.is_list()) return error(node.where(), "'<<' merges maps only");
  for (Node& item : node.items()) {
    if (!item.is_map()) return error(item.where(), "'<<' merges maps only");
    frame.merged.push_back(std::move(item));
  }
}

void TreeBuilder::apply_merges(Frame& frame) {
  for (Node& merged : frame.merged) {
    for (NodeEntry& entry : merged.entries()) {
      if (!frame.keys.try_emplace(entry.key, entry.where).second) continue;
      frame.node.entries().push_back(std::move(entry));
    }
  }
}

bool TreeBuilder::spend(const Weight& weight, Position where) {
  nodes_ += weight.nodes;
  text_bytes_ += weight.text;
  const char* too = nullptr;
  if (frames_.size() + weight.height > limits_.depth) too = "nested too deep";
  if (nodes_ > limits_.nodes) too = "too many values, aliases counted";
  if (text_bytes_ > limits_.text) too = "too much text, aliases counted";
  if (too != nullptr) stop(where, too);
  return too == nullptr;
}

void TreeBuilder::check_place(const YAML::Mark& mark, const std::string& tag) {
  if (tag != "?" && tag != "!" && !tag.empty()) {
    error(position(mark), "tags such as " + tag.substr(0, 40) + " have no meaning here");
  }
  const bool in_flow = !frames_.empty() && frames_.back().flow;
  if (!has_tabs_ || in_flow) return;
  const auto at = static_cast<std::size_t>(mark.pos);
  const std::size_t column = std::min(at, static_cast<std::size_t>(mark.column));
  const std::string_view before = text_.substr(std::min(text_.size(), at - column), column);
  const bool indentation = std::all_of(before.begin(), before.end(), is_blank);
  if (indentation && before.find('\t') != std::string_view::npos) {
    stop(position(mark), "a tab in the indentation; use spaces");
  }
}

bool TreeBuilder::check_text(const std::string& text, Position where) {
  if (text.size() > limits_.scalar) {
    stop(where, "a text of more than " + std::to_string(limits_.scalar >> 10) + " KiB");
    return false;
  }
  if (text.find('\0') != std::string::npos) {
    stop(where, "a zero byte in text");
    return false;
  }
  if (!valid_utf8(text)) {
    stop(where, "an escape that does not give UTF-8");
    return false;
  }
  return true;
}

// An absent item of a block list is reported where the next token stands; its `-` is the last
// before that which begins a line.
Position TreeBuilder::place_of_nothing(const YAML::Mark& mark) const {
  const Position where = position(mark);
  const bool in_list = !frames_.empty() && frames_.back().node.is_list();
  const auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
  const bool written =
      at < text_.size() && std::string_view("~nN&").find(text_[at]) != std::string_view::npos;
  if (!in_list || frames_.back().flow || written) return where;
  for (std::uint32_t line = where.line - 1; line > frames_.back().node.where().line - 1; --line) {
    const std::string_view content = sources_.line(source_, line);
    const std::size_t dash = content.find_first_not_of(" \t");
    if (dash != std::string_view::npos && content[dash] == '-') {
      return {source_, line, static_cast<std::uint32_t>(dash) + 1};
    }
  }
  return where;
}

std::string TreeBuilder::path() const {
  std::string path;
  for (const Frame& frame : frames_) {
    if (frame.node.is_map()) {
      if (frame.key) append_key(path, frame.key->key);
    } else {
      path += '[' + std::to_string(frame.node.items().size()) + ']';
    }
  }
  return path;
}

void TreeBuilder::error(Position where, std::string message) {
  diagnostics_.error(where, path(), std::move(message));
}

void TreeBuilder::stop(Position where, std::string message) {
  if (stopped_) return;
  error(where, std::move(message));
  stopped_ = true;
}

}  // namespace weir::config
