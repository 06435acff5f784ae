#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/directives.h"
#include "config/filter_item.h"
#include "config/type_info.h"
#include "config/values.h"
#include "core/base/escape.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::config {

namespace {

// So many possible keys are listed when none is near.
constexpr std::size_t kMostKeysListed = 24;

// `text` as a message names it; what came from a secret is not shown.
std::string named(const Node& node, std::string_view text, const Rules& rules,
                  const Reading& reading) {
  return rules.secret ? "the value" : reading.quoted(node.where(), text);
}

bool wrong_kind(std::string_view wanted, const Node& node, Reading& reading) {
  return reading.error(
      node, "expected " + std::string(wanted) + ", found " + std::string(node.kind_word()));
}

// Calls `use(text)` with the text of a scalar, which says whether it was good.
template <typename Use>
bool with_text(std::string_view wanted, const Node& node, const Rules& rules, Reading& reading,
               Use use) {
  if (!node.is_scalar()) return wrong_kind(wanted, node, reading);
  if (rules.verbatim) return use(node.text());
  const std::optional<std::string> text = reading.text(node);
  return text ? use(*text) : reading.excused(node.where());
}

// Where `number`, which is too small or too large, had to be.
std::string range_text(const TypeInfo& type, const Rules& rules, std::int64_t number) {
  const std::int64_t least = std::max(type.least, rules.least);
  const std::int64_t most = std::min(type.most, rules.most);
  if (rules.least != Rules().least && rules.most != Rules().most) {
    return "between " + type.show_measure(least) + " and " + type.show_measure(most);
  }
  return number < least ? "at least " + type.show_measure(least)
                        : "at most " + type.show_measure(most);
}

// People look at names on terminals.
bool unseen(Position where, Reading& reading) {
  return reading.error(where, "has a character that nobody sees: a name is what people can see");
}

bool read_scalar(const TypeInfo& type, const Node& node, void* value, const Rules& rules,
                 Reading& reading) {
  return with_text(type.wanted, node, rules, reading, [&](const std::string& text) {
    const auto out_of_range = [&](std::int64_t number) {
      return reading.error(node, named(node, text, rules, reading) + " is out of range: must be " +
                                     range_text(type, rules, number));
    };
    const Result<void> parsed = type.parse(text, value);
    if (!parsed) {
      // Of a number that the type does not hold, the range of the field says more.
      const auto number = parse_integer(text);
      const bool ordered = type.literal == Literal::Integer && type.measure != nullptr;
      if (number && ordered) return out_of_range(*number);
      return reading.error(node, named(node, text, rules, reading) + ' ' + parsed.error().message);
    }
    if (rules.name && needs_escapes(text, EscapeStyle::Text)) return unseen(node.where(), reading);
    if (type.measure == nullptr) return true;
    const std::int64_t measure = type.measure(value);
    return (measure >= rules.least && measure <= rules.most) || out_of_range(measure);
  });
}

bool read_enum(const TypeInfo& type, const Node& node, void* value, const Rules& rules,
               Reading& reading) {
  const std::string wanted = join_or(type.names);
  return with_text(wanted, node, rules, reading, [&](const std::string& text) {
    const auto found = std::find(type.names.begin(), type.names.end(), normal_word(type, text));
    if (found == type.names.end()) {
      return reading.error(node, named(node, text, rules, reading) + " is not " + wanted +
                                     did_you_mean(text, type.names));
    }
    type.pick(value, static_cast<std::size_t>(found - type.names.begin()));
    return true;
  });
}

bool read_wrapper(const TypeInfo& type, const Node& node, void* value, const Rules& rules,
                  Reading& reading) {
  if (rules.or_off && node.is_scalar()) {
    const std::optional<std::string> text = reading.text(node);
    if (!text) return reading.excused(node.where());
    if (is_off(*text)) {
      type.clear(value);
      return true;
    }
  }
  void* element = type.emplace(value, {}, node.where());
  return read(type.element(), node, element, rules, reading);
}

// Whether an item is a text that is not here: it is left out, so that nothing follows from it.
bool is_absent(const TypeInfo& element, const Node& item, const Rules& rules, Reading& reading) {
  if (!reading.offline() || !item.is_scalar() || rules.verbatim) return false;
  return element.shape != Shape::Filter && !reading.text(item);
}

// No two items of a keyed list have one name.
class Names {
 public:
  bool add(const std::string& name, const Node& item, Reading& reading) {
    const bool known_later = name.find("${") != std::string::npos;
    if (name.empty() || known_later) return true;
    const auto [other, is_new] = known_.try_emplace(name, item.where());
    if (is_new) return true;
    return reading.error(item, quote(name) + " stands twice in this list; the first is " +
                                   reading.named_place(other->second, item.where()));
  }

 private:
  std::unordered_map<std::string, Position> known_;
};

// Of an item that says nothing: by its place later checks know that there was an error.
void leave_place(const TypeInfo& type, const Node& item, void* value) {
  if (type.shape == Shape::Wrapper) type.emplace(value, {}, item.where());
  if (type.shape == Shape::Filter) static_cast<FilterItem*>(value)->node = item;
}

bool read_list(const TypeInfo& type, const Node& node, void* value, const Rules& rules,
               Reading& reading) {
  const TypeInfo& element = type.element();
  type.clear(value);
  if (!node.is_list()) {
    if (!rules.one_or_many) return wrong_kind(type.wanted, node, reading);
    if (is_absent(element, node, rules, reading)) return true;
    return read(element, node, type.emplace(value, {}, node.where()), rules, reading);
  }
  Names names;
  bool ok = true;
  for (std::size_t i = 0; i < node.items().size(); ++i) {
    const Node& item = node.items()[i];
    const bool keyed = rules.merge == Merge::Keyed;
    const std::string name = keyed ? item_name(element, item, rules) : std::string();
    const auto step = name.empty() ? reading.enter(i) : reading.enter(name);
    if (is_absent(element, item, rules, reading)) continue;
    if (!names.add(name, item, reading)) ok = false;
    void* const to = type.emplace(value, {}, item.where());
    if (item.is_null()) leave_place(element, item, to);
    if (!read(element, item, to, rules, reading)) ok = false;
  }
  return ok;
}

bool read_map(const TypeInfo& type, const Node& node, void* value, const Rules& rules,
              Reading& reading) {
  type.clear(value);
  if (!node.is_map()) return wrong_kind(type.wanted, node, reading);
  bool ok = true;
  for (const NodeEntry& entry : node.entries()) {
    const auto step = reading.enter(entry.key);
    if (entry.key.empty()) ok = reading.error(entry.where, "needs a name");
    if (rules.name && needs_escapes(entry.key, EscapeStyle::Text)) {
      ok = unseen(entry.where, reading);
    }
    void* element = type.emplace(value, entry.key, entry.where);
    if (!read(type.element(), entry.value, element, rules, reading)) ok = false;
  }
  return ok;
}

std::vector<std::string_view> field_names(const StructInfo& structure) {
  std::vector<std::string_view> names;
  for (const FieldInfo& field : structure.fields) names.push_back(field.name);
  return names;
}

}  // namespace

const FieldInfo* report_unknown_key(const StructInfo& structure, const NodeEntry& entry,
                                    Reading& reading) {
  if (is_directive(entry.key)) {
    const bool top = reading.path().text().empty() && entry.key == "$patch";
    reading.error_below(entry.key, entry.where,
                        top ? "the top of a file cannot be deleted: write it below what is to go"
                            : "is for lists, and here is none");
    return nullptr;
  }
  std::vector<std::string_view> names = field_names(structure);
  const std::string_view other = structure.taken_before;
  if (!other.empty() && entry.key != other) names.push_back(other);
  const std::string_view meant = nearest(entry.key, names);
  std::string message = "unknown key" + did_you_mean(entry.key, names);
  if (meant.empty() && !names.empty() && names.size() <= kMostKeysListed) {
    message += "; known here: " + join_or(names);
  }
  reading.error_below(entry.key, entry.where, std::move(message));
  if (meant.empty()) {
    reading.diagnostics().set_unknown(reading.path().text());
    return nullptr;
  }
  reading.diagnostics().set_misspelt(reading.path().below(meant));
  return structure.field(meant);
}

namespace {

bool nothing_in_field(const StructInfo& structure, const FieldInfo& field, const NodeEntry& entry,
                      Reading& reading) {
  const Position where = entry.value.where();
  std::string message = "has no value: write one";
  const std::string normal = show_default(structure, field);
  if (field.type().shape == Shape::Struct) message = "has no value: write {} for all defaults";
  if (!field.rules.required) {
    // In a layer, a line less lets the value below through.
    message += reading.diagnostics().is_over_lower(where) ? ", or { $patch: delete }"
                                                          : ", or delete the line";
    if (!normal.empty()) message += " for the default, " + normal;
  }
  return reading.error(where, std::move(message));
}

bool check_not_empty(const TypeInfo& type, const Node& value, Reading& reading) {
  const bool is_empty = type.shape == Shape::Map ? value.is_map() && value.entries().empty()
                                                 : value.is_list() && value.items().empty();
  if (!is_empty) return true;
  const std::size_t before = reading.diagnostics().kept();
  reading.error(value,
                "is empty, which would mean all: write what is meant, or delete it "
                "({ $patch: delete } in a layer) if all are meant");
  reading.diagnostics().involve(before, reading.path().text());
  return false;
}

// The entries of the fields that a map has, in the order of the struct's declaration.
using Written = std::vector<const NodeEntry*>;

bool read_fields(const StructInfo& structure, const Node& node, void* value, Written& written,
                 Reading& reading) {
  bool ok = true;
  for (const NodeEntry& entry : node.entries()) {
    const FieldInfo* field = structure.field(entry.key);
    const bool known = field != nullptr;
    // A misspelt key counts as written, so that the field is not called missing as well.
    if (!known) field = report_unknown_key(structure, entry, reading);
    if (field != nullptr)
      written[static_cast<std::size_t>(field - structure.fields.data())] = &entry;
    if (!known) {
      ok = false;
      continue;
    }
    const auto step = reading.enter(entry.key);
    if (entry.value.is_null()) {
      ok = nothing_in_field(structure, *field, entry, reading);
    } else if (field->rules.not_empty && !check_not_empty(field->type(), entry.value, reading)) {
      ok = false;
    } else if (!read(field->type(), entry.value, field->member(value), field->rules, reading)) {
      ok = false;
    }
  }
  return ok;
}

// What an item misses may be in the one below, which a layer deleted; `reading` is at the item.
std::string deleted_below(const Node& node, Reading& reading) {
  const Position deleted = reading.diagnostics().deleted_at(reading.path().text());
  if (!deleted.known() || deleted.source == node.where().source) return {};
  return "; the one below is deleted " + reading.named_place(deleted, node.where());
}

bool check_required(const StructInfo& structure, const Node& node, const Written& written,
                    Reading& reading) {
  bool ok = true;
  for (std::size_t i = 0; i < structure.fields.size(); ++i) {
    const FieldInfo& field = structure.fields[i];
    if (!field.rules.required || written[i] != nullptr) continue;
    const Position deleted = reading.diagnostics().deleted_at(reading.path().below(field.name));
    ok = reading.error_below(
        field.name, deleted.known() ? deleted : node.where(),
        (deleted.known() ? "deleted and required: " : "missing and required: ") +
            std::string(field.doc) + (deleted.known() ? "" : deleted_below(node, reading)));
  }
  return ok;
}

// One choice, whose first field is `first`: at most one of its fields is written, or exactly one.
bool check_choice(const StructInfo& structure, std::size_t first, const Node& node,
                  const Written& written, Reading& reading) {
  const Rules& rules = structure.fields[first].rules;
  std::vector<std::string_view> names;
  const NodeEntry* chosen = nullptr;
  Position deleted;
  bool ok = true;
  for (std::size_t i = first; i < structure.fields.size(); ++i) {
    if (structure.fields[i].rules.choice != rules.choice) continue;
    names.push_back(structure.fields[i].name);
    const NodeEntry* entry = written[i];
    if (!deleted.known()) {
      deleted = reading.diagnostics().deleted_at(reading.path().below(names.back()));
    }
    if (entry == nullptr) continue;
    if (chosen == nullptr) {
      chosen = entry;
      continue;
    }
    const NodeEntry* later = std::max(chosen, entry);
    ok = reading.error_below(later->key, later->where,
                             quote(std::min(chosen, entry)->key) + " and " + quote(later->key) +
                                 " exclude each other: one " + std::string(rules.choice) + " only");
  }
  // Among keys that nobody knows is the one that was meant.
  const bool all_unknown =
      !node.entries().empty() && std::all_of(written.begin(), written.end(),
                                             [](const auto* entry) { return entry == nullptr; });
  if (chosen != nullptr || all_unknown || !rules.choice_required) return ok;
  return reading.error(deleted.known() ? deleted : node.where(),
                       "no " + std::string(rules.choice) + (deleted.known() ? " is left" : "") +
                           ": write " + (names.size() > 1 ? "one of " : "") + join_or(names) +
                           (deleted.known() ? "" : deleted_below(node, reading)));
}

bool check_choices(const StructInfo& structure, const Node& node, const Written& written,
                   Reading& reading) {
  bool ok = true;
  std::vector<std::string_view> done;
  for (std::size_t i = 0; i < structure.fields.size(); ++i) {
    const std::string_view choice = structure.fields[i].rules.choice;
    if (choice.empty() || std::find(done.begin(), done.end(), choice) != done.end()) continue;
    done.push_back(choice);
    if (!check_choice(structure, i, node, written, reading)) ok = false;
  }
  return ok;
}

bool not_a_struct(const StructInfo& structure, const Node& node, Reading& reading) {
  if (node.is_scalar() && structure.shorts.choice) {
    std::vector<std::string_view> names;
    for (const FieldInfo& field : structure.fields) {
      if (!field.rules.choice.empty()) names.push_back(field.name);
    }
    return reading.error(
        node, quote(node.text()) + " is not " + join_or(names) + did_you_mean(node.text(), names));
  }
  std::string wanted =
      structure.name.empty() ? "a map" : "a map (" + std::string(structure.name) + ")";
  if (!is_off(node.text())) return wrong_kind(wanted, node, reading);
  return reading.error(node, "expected " + wanted + ", found " + node.text() +
                                 reading.in_place_of_off(node.where()));
}

bool read_struct(const StructInfo& structure, const Node& given, void* value, Reading& reading) {
  std::optional<Node> expanded;
  if (structure.expand != nullptr || !given.is_map()) {
    expanded = given;
    if (!expand_short_form(structure, *expanded, reading)) return reading.excused(given.where());
  }
  const Node& node = expanded ? *expanded : given;
  if (structure.set_where != nullptr) structure.set_where(value, given.where());
  if (!node.is_map()) return not_a_struct(structure, node, reading);
  Written written(structure.fields.size(), nullptr);
  bool ok = read_fields(structure, node, value, written, reading);
  const std::size_t before_missing = reading.diagnostics().kept();
  if (!check_required(structure, node, written, reading)) ok = false;
  if (!check_choices(structure, node, written, reading)) ok = false;
  reading.diagnostics().suggest(before_missing);
  const std::string_view off = structure.shorts.off;
  if (const Node* on = off.empty() ? nullptr : node.find(off)) reading.warn_if_kept_off(*on);
  if (structure.check_values != nullptr && !structure.check_values(value, reading)) ok = false;
  if (structure.check == nullptr) return ok;
  const std::size_t before = reading.diagnostics().kept();
  if (!structure.check(value, node, reading)) ok = false;
  reading.diagnostics().involve(before, reading.path().text());
  return ok;
}

bool read_tree(const Node& node, void* value, const Rules& rules, Reading& reading) {
  Node& tree = *static_cast<Node*>(value);
  tree = node;
  return rules.verbatim || reading.replace_all(tree);
}

}  // namespace

const FieldInfo* StructInfo::field(std::string_view wanted) const {
  for (const FieldInfo& field : fields) {
    if (field.name == wanted) return &field;
  }
  return nullptr;
}

bool read(const TypeInfo& type, const Node& node, void* value, const Rules& rules,
          Reading& reading) {
  if (node.is_null()) return reading.error(node, "has no value: write one, or delete it");
  switch (type.shape) {
    case Shape::Scalar:
      return read_scalar(type, node, value, rules, reading);
    case Shape::Enum:
      return read_enum(type, node, value, rules, reading);
    case Shape::Wrapper:
      return read_wrapper(type, node, value, rules, reading);
    case Shape::List:
      return read_list(type, node, value, rules, reading);
    case Shape::Map:
      return read_map(type, node, value, rules, reading);
    case Shape::Struct:
      return read_struct(*type.structure(), node, value, reading);
    case Shape::Tree:
      return read_tree(node, value, rules, reading);
    case Shape::Filter:
      static_cast<FilterItem*>(value)->node = node;
      return true;
    case Shape::Custom:
      return type.read(node, value, reading);
  }
  return false;
}

}  // namespace weir::config
