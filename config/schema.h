#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "config/field.h"
#include "config/filter_item.h"
#include "config/type_info.h"

// One declaration per field. A struct becomes readable by a tuple of its fields:
//
//   struct Route {
//     std::string cluster;
//     std::chrono::milliseconds timeout{15s};
//     Position where;
//
//     static constexpr std::string_view type_name = "route";
//     static constexpr auto fields = std::tuple{
//         field("cluster", &Route::cluster, "the service that is asked").required(),
//         field("timeout", &Route::timeout, "how long an answer may take").range(1ms, 1h)};
//   };
//
// The default of a field is what the struct's initialiser says. Next to `fields`, and all optional:
//   Position where;                            gets the place of the struct's value
//   static constexpr ShortForms short_forms    scalars that stand for the whole struct
//   static constexpr std::string_view taken_before
//                                              a key that is gone before it is read, no field
//   static void expand(Node& node)             any other short form, brought into the long one
//   static std::string name_of(const Node&)    the name of an item of a keyed list that writes none
//   static bool takes_all(const Node&)         whether nothing behind it in its list can ever act
//   static void align(Node&, Node&, const FilterSchema&, Diagnostics&)
//                                              brings two layers into one notation
//   bool check_values(Reading&) const          what concerns one field alone
//   bool check(const Node&, Reading&) const    what concerns several fields; asks
//                                              Reading::sound() for those on which it depends.
//                                              Both run also when something could not be read, and
//                                              are false when they reported something
//
// Members may be scalars (see scalars.h), enums with an `enum_names(E)` beside them, structs with
// fields, Node, FilterItem, types with a Custom<T>, and std::optional, std::unique_ptr, Located,
// std::vector and Map of those.
namespace weir::config {

template <typename T>
const TypeInfo& type_info();

namespace detail {

template <typename T>
T& as(void* value) {
  return *static_cast<T*>(value);
}
template <typename T>
const T& as(const void* value) {
  return *static_cast<const T*>(value);
}

template <typename T>
constexpr TypeInfo scalar_info() {
  TypeInfo info;
  info.shape = Shape::Scalar;
  info.word = Scalar<T>::word;
  info.wanted = Scalar<T>::wanted;
  if constexpr (requires { Scalar<T>::literal; }) info.literal = Scalar<T>::literal;
  if constexpr (requires { Scalar<T>::pattern; }) info.pattern = Scalar<T>::pattern;
  info.parse = [](std::string_view text, void* value) -> Result<void> {
    WEIR_TRY(parsed, Scalar<T>::parse(text));
    as<T>(value) = std::move(parsed);
    return {};
  };
  info.normal = [](std::string_view text) -> Result<std::string> {
    WEIR_TRY(parsed, Scalar<T>::parse(text));
    return Scalar<T>::show(parsed);
  };
  if constexpr (requires { Scalar<T>::least; }) info.least = Scalar<T>::least;
  if constexpr (requires { Scalar<T>::most; }) info.most = Scalar<T>::most;
  info.show = [](const void* value) { return Scalar<T>::show(as<T>(value)); };
  if constexpr (OrderedType<T>) {
    info.measure = [](const void* value) { return Scalar<T>::measure(as<T>(value)); };
    info.show_measure = [](std::int64_t measure) {
      return Scalar<T>::show(Scalar<T>::of_measure(measure));
    };
  }
  return info;
}

template <typename E>
inline constexpr auto enum_table = enum_names(E{});

template <typename E>
inline constexpr auto enum_words = [] {
  std::array<std::string_view, enum_table<E>.size()> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = enum_table<E>[i].name;
  return words;
}();

template <typename E>
constexpr TypeInfo enum_info() {
  TypeInfo info;
  info.shape = Shape::Enum;
  info.word = "name";
  info.names = enum_words<E>;
  info.pick = [](void* value, std::size_t index) { as<E>(value) = enum_table<E>[index].value; };
  info.show = [](const void* value) {
    for (const auto& entry : enum_table<E>) {
      if (entry.value == as<E>(value)) return std::string(entry.name);
    }
    return std::string();
  };
  return info;
}

template <typename T>
void* emplace_in(std::optional<T>& value, Position) {
  return &value.emplace();
}
template <typename T>
void* emplace_in(std::unique_ptr<T>& value, Position) {
  value = std::make_unique<T>();
  return value.get();
}
template <typename T>
void* emplace_in(Located<T>& value, Position where) {
  value.where = where;
  return &value.value;
}
template <typename T>
const void* content_of(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}
template <typename T>
const void* content_of(const std::unique_ptr<T>& value) {
  return value.get();
}
template <typename T>
const void* content_of(const Located<T>& value) {
  return &value.value;
}

template <typename W>
constexpr TypeInfo wrapper_info() {
  TypeInfo info;
  info.shape = Shape::Wrapper;
  info.element = &type_info<typename Inside<W>::Element>;
  info.emplace = [](void* wrapper, std::string_view, Position where) {
    return emplace_in(as<W>(wrapper), where);
  };
  info.clear = [](void* wrapper) { as<W>(wrapper) = W{}; };
  info.at = [](const void* wrapper, std::size_t index) -> const void* {
    return index == 0 ? content_of(as<W>(wrapper)) : nullptr;
  };
  return info;
}

template <typename L>
constexpr TypeInfo list_info() {
  TypeInfo info;
  info.shape = Shape::List;
  info.word = "list";
  info.wanted = "a list";
  info.element = &type_info<typename Inside<L>::Element>;
  info.emplace = [](void* list, std::string_view, Position) -> void* {
    return &as<L>(list).emplace_back();
  };
  info.clear = [](void* list) { as<L>(list).clear(); };
  info.at = [](const void* list, std::size_t index) -> const void* {
    return index < as<L>(list).size() ? &as<L>(list)[index] : nullptr;
  };
  return info;
}

template <typename M>
constexpr TypeInfo map_info() {
  TypeInfo info;
  info.shape = Shape::Map;
  info.word = "map";
  info.wanted = "a map";
  info.element = &type_info<typename Inside<M>::Element>;
  info.emplace = [](void* map, std::string_view name, Position where) -> void* {
    return &as<M>(map).add(std::string(name), where);
  };
  info.clear = [](void* map) { as<M>(map).clear(); };
  return info;
}

template <typename T, std::size_t kIndex>
void* member_of(void* owner) {
  return &(as<T>(owner).*(std::get<kIndex>(T::fields).member));
}

template <typename Owner, typename Member>
constexpr TypeOf type_of(const Field<Owner, Member>&) {
  return &type_info<Member>;
}

template <typename T, std::size_t... kIndexes>
constexpr auto field_table(std::index_sequence<kIndexes...>) {
  return std::array<FieldInfo, sizeof...(kIndexes)>{
      FieldInfo{std::get<kIndexes>(T::fields).name, std::get<kIndexes>(T::fields).doc,
                std::get<kIndexes>(T::fields).rules, type_of(std::get<kIndexes>(T::fields)),
                &member_of<T, kIndexes>}...};
}

template <typename T>
inline constexpr auto fields_of =
    field_table<T>(std::make_index_sequence<std::tuple_size_v<decltype(T::fields)>>());

template <typename T>
const void* defaults_of() {
  static const T value{};
  return &value;
}

template <typename T>
constexpr StructInfo make_struct_info() {
  StructInfo info;
  info.fields = fields_of<T>;
  info.defaults = &defaults_of<T>;
  if constexpr (requires { T::type_name; }) info.name = T::type_name;
  if constexpr (requires { T::short_forms; }) info.shorts = T::short_forms;
  if constexpr (requires(T value, Position where) { value.where = where; }) {
    info.set_where = [](void* value, Position where) { as<T>(value).where = where; };
  }
  if constexpr (requires(Node & node) { T::expand(node); }) {
    info.expand = [](Node& node) { T::expand(node); };
  }
  if constexpr (requires { T::taken_before; }) info.taken_before = T::taken_before;
  if constexpr (requires(const Node& node) { T::name_of(node); }) {
    info.name_of = [](const Node& node) { return T::name_of(node); };
  }
  if constexpr (requires(const Node& node) { T::takes_all(node); }) info.takes_all = &T::takes_all;
  if constexpr (requires(Node & node, const FilterSchema& filters, Diagnostics& diagnostics) {
                  T::align(node, node, filters, diagnostics);
                }) {
    info.align = &T::align;
  }
  if constexpr (requires(const T& value, Reading& reading) {
                  { value.check_values(reading) } -> std::same_as<bool>;
                }) {
    info.check_values = [](const void* value, Reading& reading) {
      return as<T>(value).check_values(reading);
    };
  }
  if constexpr (requires(const T& value, const Node& node, Reading& reading) {
                  { value.check(node, reading) } -> std::same_as<bool>;
                }) {
    info.check = [](const void* value, const Node& node, Reading& reading) {
      return as<T>(value).check(node, reading);
    };
  }
  return info;
}

template <typename T>
const StructInfo* struct_info() {
  static constexpr StructInfo kInfo = make_struct_info<T>();
  return &kInfo;
}

template <typename T>
constexpr TypeInfo struct_type_info() {
  TypeInfo info;
  info.shape = Shape::Struct;
  info.word = "map";
  info.wanted = "a map";
  info.structure = &struct_info<T>;
  return info;
}

template <typename T>
constexpr TypeInfo custom_info() {
  TypeInfo info;
  info.shape = Shape::Custom;
  info.word = Custom<T>::word;
  info.wanted = Custom<T>::wanted;
  if constexpr (requires { Custom<T>::one_text; }) info.one_text = Custom<T>::one_text;
  if constexpr (requires { Custom<T>::before_path; }) info.before_path = Custom<T>::before_path;
  if constexpr (requires { Custom<T>::literal; }) info.literal = Custom<T>::literal;
  if constexpr (requires { Custom<T>::pattern; }) info.pattern = Custom<T>::pattern;
  if constexpr (requires { Custom<T>::least; }) info.least = Custom<T>::least;
  if constexpr (requires { Custom<T>::most; }) info.most = Custom<T>::most;
  if constexpr (requires(Node & node) { Custom<T>::shorten(node); }) {
    info.shorten = &Custom<T>::shorten;
  }
  if constexpr (requires { &Custom<T>::normal; }) info.normal = &Custom<T>::normal;
  info.read = [](const Node& node, void* value, Reading& reading) {
    return Custom<T>::read(node, as<T>(value), reading);
  };
  return info;
}

template <typename T>
constexpr TypeInfo make_type_info() {
  if constexpr (CustomType<T>) {
    return custom_info<T>();
  } else if constexpr (ScalarType<T>) {
    return scalar_info<T>();
  } else if constexpr (NamedEnum<T>) {
    return enum_info<T>();
  } else if constexpr (Inside<T>::wrapper) {
    return wrapper_info<T>();
  } else if constexpr (Inside<T>::list) {
    return list_info<T>();
  } else if constexpr (Inside<T>::map) {
    return map_info<T>();
  } else if constexpr (std::same_as<T, Node>) {
    TypeInfo info;
    info.shape = Shape::Tree;
    info.word = "anything";
    info.wanted = "a value";
    return info;
  } else if constexpr (std::same_as<T, FilterItem>) {
    TypeInfo info;
    info.shape = Shape::Filter;
    info.word = "filter";
    info.wanted = "a filter";
    return info;
  } else {
    static_assert(StructType<T>, "no Scalar<T>, Custom<T>, enum_names(T) or T::fields");
    return struct_type_info<T>();
  }
}

}  // namespace detail

// The description of T, for as long as the process lives.
template <typename T>
const TypeInfo& type_info() {
  static constexpr TypeInfo kInfo = detail::make_type_info<T>();
  return kInfo;
}

// Reads `node` into `value`, which keeps what it has where the node says nothing. False when
// something was wrong; it was reported.
template <typename T>
bool read(const Node& node, T& value, Reading& reading) {
  return read(type_info<T>(), node, &value, Rules{}, reading);
}

}  // namespace weir::config
