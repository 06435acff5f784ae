#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "config/build/filter_types.h"
#include "config/filter_item.h"
#include "config/model/file.h"
#include "config/tree_path.h"
#include "core/base/quote.h"
#include "tests/unit/config_build/load.h"

// A configuration that has every field, of which each is corrupted in turn.
namespace weir::config {
namespace {

constexpr Rules kNoRules;
// What excludes each other is in further files.
constexpr const char* kPaths[] = {"tests/unit/config_build/every_field.yaml",
                                  "tests/unit/config_build/every_field_stderr.yaml",
                                  "tests/unit/config_build/every_field_journald.yaml"};

using Field = std::pair<std::string, std::string>;  // of a struct, by name

// One way to spoil one line, and what was done, for those who read a failure.
struct Corruption {
  std::size_t line = 0;
  std::string text;
  std::string what;
};

class Fixture {
 public:
  explicit Fixture(const char* path) : filters_(FilterTypes(filters::builtin_filters()).schema()) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) lines_.push_back(line);
  }

  std::string text() const { return joined(lines_); }

  // All fields that a configuration can have.
  std::set<Field> known() {
    std::set<const StructInfo*> seen;
    std::set<Field> fields;
    collect(type_info<model::File>(), seen, fields);
    for (const auto& [name, type] : filters_.types) collect(*type.settings, seen, fields);
    return fields;
  }

  // Those that are written.
  std::set<Field> written() {
    std::set<Field> fields;
    walk([&](ValueSchema owner, const NodeEntry& entry, ValueSchema) {
      if (owner.type.shape == Shape::Struct) {
        fields.insert({std::string(owner.type.structure()->name), entry.key});
      }
    });
    return fields;
  }

  std::vector<Corruption> corruptions() {
    std::vector<Corruption> all;
    walk([&](ValueSchema owner, const NodeEntry& entry, ValueSchema value) {
      const bool named_by_user = owner.type.shape == Shape::Map;
      if (!named_by_user) all.push_back(misspell(entry));
      all.push_back(replace_value(entry, "", "no value"));
      all.push_back(replace_value(entry, wrong_kind(value), "a wrong type"));
      for (const std::string& bad : bad_texts(value)) {
        if (entry.value.is_scalar()) all.push_back(replace_value(entry, bad, "the value " + bad));
      }
    });
    return all;
  }

  // Each key, and each text, in turn a long one.
  std::vector<Corruption> long_texts(const std::string& text) {
    std::vector<Corruption> all;
    walk([&](ValueSchema, const NodeEntry& entry, ValueSchema) {
      std::vector<std::string> lines = lines_;
      lines[entry.where.line - 1].replace(
          entry.where.column - 1, entry.key.size(),
          "? " + text + "\n" + std::string(entry.where.column - 1, ' '));
      all.push_back({entry.where.line, joined(lines), "a long key for " + entry.key});
      if (entry.value.is_scalar()) all.push_back(replace_value(entry, text, "a long text"));
    });
    return all;
  }

 private:
  using Visit = std::function<void(ValueSchema owner, const NodeEntry&, ValueSchema value)>;

  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    return text;
  }

  void collect(const TypeInfo& type, std::set<const StructInfo*>& seen, std::set<Field>& fields) {
    if (type.element != nullptr) return collect(type.element(), seen, fields);
    if (type.shape != Shape::Struct || !seen.insert(type.structure()).second) return;
    for (const FieldInfo& field : type.structure()->fields) {
      fields.insert({std::string(type.structure()->name), std::string(field.name)});
      collect(field.type(), seen, fields);
    }
  }

  // Every entry of every map, short forms expanded, lists passed through.
  void walk(const Visit& visit) {
    test::Loaded loaded(text());
    Diagnostics ignored;
    Interpolator interpolator(loaded.loading.sources, test::environment());
    Reading reading(ignored, interpolator);
    walk({type_info<model::File>(), kNoRules}, loaded.loading.merged, reading, visit);
  }
  void walk(ValueSchema outer, Node& node, Reading& reading, const Visit& visit) {
    const ValueSchema schema = outer.unwrapped();
    const bool long_form = node.is_map() || node.is_list();
    expand(schema, node, reading);
    for (Node& item : node.items()) walk(schema.item(), item, reading, visit);
    for (NodeEntry& entry : node.entries()) {
      const ValueSchema below = filters_.below(schema, entry.key);
      if (long_form) visit(schema, entry, below.unwrapped());
      walk(below, entry.value, reading, visit);
    }
  }

  static std::string wrong_kind(ValueSchema value) {
    return value.type.shape == Shape::List ? "{ \"@\": x }" : "[ x ]";
  }

  static std::vector<std::string> bad_texts(ValueSchema value) {
    const TypeInfo& type = value.type;
    std::vector<std::string> texts;
    if (type.shape == Shape::Enum) texts.emplace_back("nothing_such");
    if (type.normal == nullptr) return texts;
    if (!type.normal("nothing such")) texts.emplace_back("nothing such");
    if (type.measure == nullptr) return texts;
    if (value.rules.least > 0) texts.push_back(type.show_measure(value.rules.least - 1));
    // What comes next must be of the type still.
    if (value.rules.most < type.most) texts.push_back(type.show_measure(value.rules.most + 1));
    return texts;
  }

  // The text with the value of `entry`, and all that belongs to it, gone for `value`.
  Corruption replace_value(const NodeEntry& entry, const std::string& value,
                           const std::string& what) const {
    const std::size_t at = entry.where.line - 1;
    const std::size_t indent = entry.where.column - 1;
    std::vector<std::string> lines = lines_;
    std::string& line = lines[at];
    line.erase(line.find(':', indent + entry.key.size()) + 1);
    line += " " + value;
    std::size_t end = at + 1;
    while (end < lines.size() && lines[end].find_first_not_of(' ') > indent) ++end;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                lines.begin() + static_cast<std::ptrdiff_t>(end));
    return {at + 1, joined(lines), what};
  }

  Corruption misspell(const NodeEntry& entry) const {
    std::vector<std::string> lines = lines_;
    lines[entry.where.line - 1].insert(entry.where.column - 1 + entry.key.size(), "z");
    return {entry.where.line, joined(lines), "the key " + entry.key + "z"};
  }

  FilterSchema filters_;
  std::vector<std::string> lines_;
};

TEST(Corruption, FixturesHaveEveryFieldAndAreSound) {
  std::set<Field> missing = Fixture(kPaths[0]).known();
  for (const char* path : kPaths) {
    Fixture fixture(path);
    const test::Loaded loaded(fixture.text());
    EXPECT_EQ(loaded.problems(), "") << path;
    for (const Field& field : fixture.written()) missing.erase(field);
  }
  for (const Field& field : missing) {
    ADD_FAILURE() << field.first << "." << field.second << " is missing in " << kPaths[0];
  }
}

TEST(Corruption, OfEachFieldIsAnErrorOnItsLine) {
  std::vector<Corruption> all;
  for (const char* path : kPaths) {
    for (Corruption& each : Fixture(path).corruptions()) all.push_back(std::move(each));
  }
  EXPECT_GT(all.size(), 500u);
  for (const Corruption& corruption : all) {
    const test::Loaded loaded(corruption.text);
    const auto problems = loaded.loading.diagnostics.sorted();
    const bool named = std::any_of(problems.begin(), problems.end(), [&](const Diagnostic& one) {
      return one.severity == Severity::Error && one.where.line == corruption.line;
    });
    EXPECT_TRUE(named) << "line " << corruption.line << " has " << corruption.what << "\n"
                       << loaded.problems();
  }
}

TEST(Corruption, WithALongTextIsToldInAShortOne) {
  const std::string text(10'000, 'x');
  const std::string much(2 * kMostQuoted, 'x');
  const std::string all(1000, 'x');
  for (const char* path : kPaths) {
    for (const Corruption& corruption : Fixture(path).long_texts(text)) {
      const test::Loaded loaded(corruption.text);
      const std::string problems = loaded.problems();
      // Of a path as much is shown as fits.
      const std::string& most = problems.find("cannot open") == std::string::npos ? much : all;
      EXPECT_EQ(problems.find(most), std::string::npos)
          << "line " << corruption.line << " has " << corruption.what << "\n"
          << problems.substr(0, 2000);
    }
  }
}

}  // namespace
}  // namespace weir::config
