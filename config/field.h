#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "config/map.h"
#include "config/scalars.h"
#include "config/type_info.h"

namespace weir::config {

// A type that reads itself: specialise with
//   static constexpr std::string_view word, wanted;   as in TypeInfo
//   static bool read(const Node& node, T& value, Reading& reading);
// and, for those who check a value without reading it: `one_text` when it is nothing else, and what
// a Scalar may have; for those who compare values: `static void shorten(Node& node)` and
// `before_path`, as in TypeInfo.
template <typename T>
struct Custom;

// One enumerator, for the function that lists them beside the enum (found by its argument):
//   constexpr auto enum_names(E) { return std::array{EnumName{"auto", E::Auto}, …}; }
template <typename E>
struct EnumName {
  constexpr EnumName(std::string_view text, E enumerator) : name(text), value(enumerator) {}

  std::string_view name;
  E value;
};

namespace detail {

template <typename T>
struct Inside {
  using Leaf = T;
  static constexpr bool wrapper = false, list = false, map = false, has_list = false;
};
template <typename T>
struct WrapperOf {
  using Element = T;
  using Leaf = typename Inside<T>::Leaf;
  static constexpr bool wrapper = true, list = false, map = false;
  static constexpr bool has_list = Inside<T>::has_list;
};
template <typename T>
struct Inside<std::optional<T>> : WrapperOf<T> {};
template <typename T>
struct Inside<std::unique_ptr<T>> : WrapperOf<T> {};
template <typename T>
struct Inside<Located<T>> : WrapperOf<T> {};
template <typename T>
struct Inside<std::vector<T>> {
  using Element = T;
  using Leaf = typename Inside<T>::Leaf;
  static constexpr bool wrapper = false, list = true, map = false, has_list = true;
};
template <typename T>
struct Inside<Map<T>> {
  using Element = T;
  using Leaf = typename Inside<T>::Leaf;
  static constexpr bool wrapper = false, list = false, map = true;
  static constexpr bool has_list = Inside<T>::has_list;
};

template <typename T>
concept ScalarType = requires {
  Scalar<T>::word;
};
template <typename T>
concept OrderedType = requires(T value) {
  Scalar<T>::measure(value);
};
template <typename T>
concept CustomType = requires {
  Custom<T>::word;
};
template <typename T>
concept StructType = requires {
  T::fields;
};
template <typename T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) {
  enum_names(value);
};

}  // namespace detail

// A field of a declaration. Each of its functions gives a changed copy.
template <typename Owner, typename Member>
struct Field {
  using Leaf = typename detail::Inside<Member>::Leaf;

  std::string_view name;
  Member Owner::*member;
  std::string_view doc;
  Rules rules{};

  // Leaving it out is an error.
  constexpr Field required() const {
    return with([](Rules& changed) { changed.required = true; });
  }
  // Never shown, neither in a dump nor in a message.
  constexpr Field secret() const {
    return with([](Rules& changed) { changed.secret = true; });
  }
  // `${…}` is ordinary text in it: inline scripts.
  constexpr Field verbatim() const {
    return with([](Rules& changed) { changed.verbatim = true; });
  }
  // A path, relative to the file that wrote it.
  constexpr Field path() const {
    return with([](Rules& changed) { changed.path = true; });
  }
  // Of a path: what the file has is part of the value.
  constexpr Field content() const {
    return with([](Rules& changed) { changed.content = true; });
  }
  // By which people know something, or of a map whose keys are that: control characters are an
  // error.
  constexpr Field is_name() const {
    return with([](Rules& changed) { changed.name = true; });
  }
  // `off` leaves the std::optional empty.
  constexpr Field or_off() const requires(std::same_as<Member, std::optional<Leaf>> ||
                                          std::same_as<Member, std::optional<Located<Leaf>>>) {
    return with([](Rules& changed) { changed.or_off = true; });
  }
  // Any other value than a list is read as a list of it alone.
  constexpr Field one_or_many() const requires(detail::Inside<Member>::has_list) {
    return with([](Rules& changed) { changed.one_or_many = true; });
  }
  // Of a list or map that, left out, stands for everything: one that is empty is an error, so that
  // taking the last item away opens nothing.
  constexpr Field not_empty() const
      requires(detail::Inside<Member>::list || detail::Inside<Member>::map) {
    return with([](Rules& changed) { changed.not_empty = true; });
  }
  // Both ends included; of a list, of each item.
  constexpr Field range(Leaf least, Leaf most) const requires detail::OrderedType<Leaf> {
    return at_least(least).at_most(most);
  }
  constexpr Field at_least(Leaf least) const requires detail::OrderedType<Leaf> {
    return with([least](Rules& changed) { changed.least = Scalar<Leaf>::measure(least); });
  }
  constexpr Field at_most(Leaf most) const requires detail::OrderedType<Leaf> {
    return with([most](Rules& changed) { changed.most = Scalar<Leaf>::measure(most); });
  }
  // Exactly one of the fields with the same choice, "action", is written; or at most one.
  constexpr Field one_of(std::string_view choice) const {
    return with([choice](Rules& changed) {
      changed.choice = choice;
      changed.choice_required = true;
    });
  }
  constexpr Field at_most_one_of(std::string_view choice) const {
    return with([choice](Rules& changed) { changed.choice = choice; });
  }
  // It means something with that field of a choice alone, and goes when a layer chooses another.
  constexpr Field goes_with(std::string_view chosen) const {
    return with([chosen](Rules& changed) { changed.goes_with = chosen; });
  }
  // Of a choice: writing it says no more than writing none.
  constexpr Field usual() const {
    return with([](Rules& changed) { changed.usual = true; });
  }
  // Items are known by their field `key`, else by `other`, and no two by the same.
  constexpr Field keyed_by(std::string_view key, std::string_view other = {}) const
      requires(detail::Inside<Member>::has_list) {
    return with([key, other](Rules& changed) {
      changed.merge = Merge::Keyed;
      changed.key = key;
      changed.other_key = other;
    });
  }
  // The order of the items has no meaning, and neither has the same item twice.
  constexpr Field set() const requires(detail::Inside<Member>::has_list) {
    return with([](Rules& changed) { changed.merge = Merge::Set; });
  }
  // The order of the items has no meaning, but a layer replaces them all.
  constexpr Field any_order() const requires(detail::Inside<Member>::has_list) {
    return with([](Rules& changed) { changed.any_order = true; });
  }
  // Its keys are names of header fields.
  constexpr Field any_case() const {
    return with([](Rules& changed) { changed.any_case = true; });
  }
  // A reload does not bring a change of it about, but what is said here: "a restart".
  constexpr Field waits_for(std::string_view what) const {
    return with([what](Rules& changed) { changed.waits_for = what; });
  }

 private:
  template <typename Change>
  constexpr Field with(Change change) const {
    Field copy = *this;
    change(copy.rules);
    return copy;
  }
};

template <typename Owner, typename Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::*member,
                                     std::string_view doc) {
  return {name, member, doc};
}

}  // namespace weir::config
