#include "config/build/fingerprint.h"

#include <algorithm>
#include <vector>

namespace weir::config {

void Fingerprint::add_byte(unsigned char byte) {
  hash_ = (hash_ ^ byte) * 1099511628211u;
}

void Fingerprint::add(std::string_view text) {
  for (const char c : text) add_byte(static_cast<unsigned char>(c));
  // What no text has, so that "a" and "bc" differ from "ab" and "c".
  add_byte(0);
}

void Fingerprint::add(const Node& node, Reading& reading) {
  add(node.kind_word());
  if (node.is_scalar()) add(reading.text(node).value_or(node.text()));
  for (const Node& item : node.items()) add(item, reading);
  std::vector<const NodeEntry*> entries;
  for (const NodeEntry& entry : node.entries()) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(),
            [](const NodeEntry* a, const NodeEntry* b) { return a->key < b->key; });
  for (const NodeEntry* entry : entries) {
    add(entry->key);
    add(entry->value, reading);
  }
  add("end");
}

}  // namespace weir::config
