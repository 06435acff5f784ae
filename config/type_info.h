#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "config/literal.h"
#include "config/node.h"
#include "config/reading.h"
#include "core/base/result.h"

// What the declarations of schema.h become: plain tables, so that reading, merging and describing
// are ordinary functions and not templates. Everything here lives as long as the process.
namespace weir::config {

struct FilterSchema;
struct TypeInfo;
struct StructInfo;
using TypeOf = const TypeInfo& (*)();

// How the lists of two layers become one.
enum class Merge : std::uint8_t { Replace, Keyed, Set };

// What a field asks of its value beyond the type.
struct Rules {
  bool required = false;
  bool secret = false;       // hidden in every dump and message
  bool verbatim = false;     // `${…}` stays as it is
  bool path = false;         // of a file, relative to the one that wrote it
  bool content = false;      // of a path: what the file has is part of the value
  bool name = false;         // or the keys of a map: people see it, and all of it
  bool or_off = false;       // of an optional: `off` leaves it empty
  bool one_or_many = false;  // of a list: a value that is none is its only item
  bool not_empty = false;    // of a list or map: without it everything is meant, so it has an item
  bool choice_required = false;
  std::string_view choice;  // fields of one choice exclude each other
  // The field of a choice that gives this one a meaning: it goes when a layer chooses another.
  std::string_view goes_with;
  bool usual = false;  // of a choice: the one that holds when none is written
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  Merge merge = Merge::Replace;
  // Of a keyed list of structs: the field that names an item, and the one used without it.
  std::string_view key;
  std::string_view other_key;
  // What only those need who compare configurations.
  bool any_order = false;      // of a list: the order of its items has no meaning
  bool any_case = false;       // of a map: its keys are the same in capitals
  std::string_view waits_for;  // what a change has to wait for, when a reload is not enough
};
inline constexpr Rules kNoRules;

struct FieldInfo {
  std::string_view name;
  std::string_view doc;
  Rules rules;
  TypeOf type = nullptr;
  void* (*member)(void* owner) = nullptr;

  const void* value_in(const void* owner) const { return member(const_cast<void*>(owner)); }
};

enum class Shape : std::uint8_t {
  Scalar,   // parse, show; measure and show_measure when it has an order
  Enum,     // names, pick, show
  Wrapper,  // element, emplace, get: std::optional, std::unique_ptr, Located
  List,     // element, emplace, clear, at
  Map,      // element, emplace, clear
  Struct,   // structure
  Tree,     // Node as it stands
  Filter,   // FilterItem, the same for an item of a list of filters
  Custom,   // read
};

struct TypeInfo {
  Shape shape = Shape::Scalar;
  std::string_view word;    // "duration"
  std::string_view wanted;  // "a duration such as 250ms, 5s or 2m", to follow "expected"
  Literal literal = Literal::Text;
  std::string_view
      pattern;  // a regular expression for its notations; empty when it has no simple one

  // Of numbers: what the type itself can be.
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();

  Result<void> (*parse)(std::string_view text, void* value) = nullptr;
  // The shortest notation of what `text` means.
  Result<std::string> (*normal)(std::string_view text) = nullptr;
  std::string (*show)(const void* value) = nullptr;
  std::int64_t (*measure)(const void* value) = nullptr;
  std::string (*show_measure)(std::int64_t measure) = nullptr;

  std::span<const std::string_view> names{};
  void (*pick)(void* value, std::size_t index) = nullptr;

  TypeOf element = nullptr;
  // A new element; the name is that of a map's entry. Valid until the next one.
  void* (*emplace)(void* container, std::string_view name, Position where) = nullptr;
  void (*clear)(void* container) = nullptr;
  // Of a list: item `index`; of a wrapper: its value. Null when there is none.
  const void* (*at)(const void* container, std::size_t index) = nullptr;

  const StructInfo* (*structure)() = nullptr;

  bool (*read)(const Node& node, void* value, Reading& reading) = nullptr;
  // Brings a value of a custom type that can be written in several ways into the shortest of them.
  void (*shorten)(Node& node) = nullptr;
  bool one_text = false;  // of a custom type: nothing else than a text is one
  // Of a custom type: what stands before a path, which is relative to the file that wrote it.
  std::string_view before_path{};
};

// Notations in which one scalar stands for a whole struct; each is empty when there is none.
struct ShortForms {
  std::string_view off{};     // `off`, `false`, `on`, `true` = { off: false or true }
  bool choice = false;        // the name of a field that is part of a choice = { name: {} }
  std::string_view scalar{};  // any other text = { scalar: text }
};

struct StructInfo {
  std::string_view name;  // "route"
  std::span<const FieldInfo> fields;
  ShortForms shorts;
  // A key that is no field: it is taken out before the struct is read.
  std::string_view taken_before{};
  // A default-constructed one.
  const void* (*defaults)() = nullptr;
  // Null when the struct does not have it; see schema.h.
  void (*set_where)(void* value, Position where) = nullptr;
  void (*expand)(Node& node) = nullptr;
  std::string (*name_of)(const Node& node) = nullptr;
  bool (*takes_all)(const Node& node) = nullptr;
  void (*align)(Node& lower, Node& upper, const FilterSchema& filters,
                Diagnostics& diagnostics) = nullptr;
  bool (*check_values)(const void* value, Reading& reading) = nullptr;
  bool (*check)(const void* value, const Node& node, Reading& reading) = nullptr;

  const FieldInfo* field(std::string_view name) const;
};

// Reads `node` into `value`, an object of the described type. What is wrong is reported, and what
// can be read is read nevertheless; false when something was wrong.
bool read(const TypeInfo& type, const Node& node, void* value, const Rules& rules,
          Reading& reading);

// Reports a key that `structure` does not have; returns the field that was probably meant, or null.
const FieldInfo* report_unknown_key(const StructInfo& structure, const NodeEntry& entry,
                                    Reading& reading);

// Brings a short form into the long one, in place; leaves anything else alone. False when it
// depends on a `${…}` without a value, which was reported.
bool expand_short_form(const StructInfo& structure, Node& node, Reading& reading);

// What a text is that stands for a value of `type`, also when that is a list or has a short form.
const TypeInfo& type_of_text(const TypeInfo& type);

// The name by which `item` of a keyed list goes, or empty when it has none. A text is its own name,
// in the notation that normal_name() gives it; `use: SET` in a list of filters is `use:SET`.
std::string item_name(const TypeInfo& element, const Node& item, const Rules& rules);

// Names that mean the same are the same: `/run/a.sock` as the address that it is.
std::string normal_name(const TypeInfo& element, std::string name, const Rules& rules);

// What an enumerator is called that is written as `text`: `false` says the same as `off`.
std::string_view normal_word(const TypeInfo& type, std::string_view text);

// The notation of a value, or empty when it has none that fits a line: structs and maps.
std::string show_value(const TypeInfo& type, const void* value, const Rules& rules);
// The same of the field of a default-constructed struct.
std::string show_default(const StructInfo& structure, const FieldInfo& field);

}  // namespace weir::config
