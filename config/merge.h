#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/directives.h"
#include "config/node.h"
#include "config/reading.h"
#include "config/type_info.h"

namespace weir::config {

// What merging knows of filters, of which the schema itself knows none.
struct FilterSchema {
  struct Type {
    const TypeInfo* settings = nullptr;
    bool terminal = false;  // nothing behind it can act
  };
  std::map<std::string, Type, std::less<>> types;
};

// Puts layers over each other, the lowest first, by what the schema says of each value and never by
// a look at its content. Values keep the place where they were written, and know the one that they
// took the place of; no directive is left. Whether a value is sound is found out by reading the
// result. Not thread-safe.
class Merger {
 public:
  // Both outlive the merger. Problems go to `reading`.
  Merger(const FilterSchema& filters, Reading& reading) : filters_(filters), reading_(reading) {}

  // Puts `upper` over `lower`, which is an empty map before the first layer.
  void merge(const TypeInfo& type, Node& lower, Node upper);

  // Sources of which none is meant to be above the other, as the files of one directory are: a text
  // that one of them sets and another sets differently is worth a warning.
  void set_equals(std::vector<std::uint32_t> sources) { equals_ = std::move(sources); }

 private:
  // The schema of what is below a key.
  struct Below {
    const TypeInfo& type;
    const Rules& rules;
  };
  Below below(const TypeInfo& type, const Rules& rules, std::string_view key) const;

  void merge_value(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_map(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_struct(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_filter(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_list(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_keyed(const TypeInfo& element, const Rules& rules, Node& lower, Node upper);
  void change_list(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void add_items(const TypeInfo& element, const Rules& rules, Node& lower, Node added, bool front);
  void remove_items(const TypeInfo& element, const Rules& rules, Node& lower, const Node& removed,
                    bool optional);
  void unite(Node& lower, Node upper);
  void replace(Node& lower, Node upper);
  // A value that lies over nothing: without its directives.
  Node alone(const TypeInfo& type, const Rules& rules, Node value);

  bool takes_all(const TypeInfo& element, const Node& item) const;
  bool is_keyed(const TypeInfo& element, const Rules& rules) const;
  // Says what was probably meant, if `item` turns out not to stand by itself.
  void hint(const Node& item, std::string_view name, const std::vector<std::string_view>& known,
            const std::vector<Position>& places);

  const FilterSchema& filters_;
  Reading& reading_;
  std::vector<std::uint32_t> equals_;
};

}  // namespace weir::config
