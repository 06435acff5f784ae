#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include "config/diagnostics.h"
#include "config/node.h"
#include "config/reader.h"
#include "config/sources.h"

namespace weir::config {

// Makes one Node of the events of one YAML document and reports what YAML allows and Weir does not.
// Beyond a limit it stops: the error is reported, and further events are ignored.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const Sources& sources, std::uint32_t source, Diagnostics& diagnostics,
              const Limits& limits);

  // The tree, when the document came to its end; once.
  std::optional<Node> take();
  bool stopped() const { return stopped_; }
  // Where the innermost `[` or `{` that is open stands.
  std::optional<Position> open_bracket() const;
  Position position(const YAML::Mark& mark) const;

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  // What an alias would cost.
  struct Weight {
    std::size_t nodes = 1;
    std::size_t text = 0;
    std::size_t height = 1;

    void hold(const Weight& child);
  };
  struct Anchored {
    Node node;
    Weight weight;
  };
  // A list or map that is being read.
  struct Frame {
    Node node;
    Weight weight;
    YAML::anchor_t anchor = 0;
    bool flow = false;
    // Of a map: the key whose value is next; a key that was refused takes its value with it.
    std::optional<NodeEntry> key;
    bool skip_value = false;
    std::unordered_map<std::string, Position> keys;
    std::vector<Node> merged;
  };

  void open(Node node, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style);
  void close();
  void add(Node node, const Weight& weight, YAML::anchor_t anchor);
  void add_to_map(Frame& frame, Node node);
  void take_key(Frame& frame, Node node);
  void take_merge(Frame& frame, Node node);
  void apply_merges(Frame& frame);
  bool spend(const Weight& weight, Position where);
  void check_place(const YAML::Mark& mark, const std::string& tag);
  bool check_text(const std::string& text, Position where);
  Position place_of_nothing(const YAML::Mark& mark) const;
  std::string path() const;
  void error(Position where, std::string message);
  void stop(Position where, std::string message);

  const Sources& sources_;
  const std::uint32_t source_;
  const std::string_view text_;
  Diagnostics& diagnostics_;
  const Limits limits_;
  const bool has_tabs_;

  std::vector<Frame> frames_;
  std::optional<Node> root_;
  // By the numbers that yaml-cpp gives; null while the value is not complete.
  std::unordered_map<YAML::anchor_t, std::optional<Anchored>> anchors_;
  std::size_t aliases_ = 0;
  std::size_t nodes_ = 0;
  std::size_t text_bytes_ = 0;
  bool started_ = false;
  bool stopped_ = false;
};

}  // namespace weir::config
