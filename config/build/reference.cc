#include "config/build/reference.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <vector>

#include "config/build/filter_types.h"
#include "config/bytes.h"
#include "config/describe.h"
#include "config/json_schema.h"
#include "config/model/file.h"
#include "core/filter/reason.h"
#include "core/route/template.h"
#include "core/server/log_format.h"
#include "filters/builtin.h"

namespace weir::config {
namespace {

constexpr std::string_view kTop =
    "# Reference\n\n"
    "Written by `weir config docs` from the declarations that also read a configuration. `weir "
    "config "
    "schema` gives the same as a JSON Schema for editors.\n\n"
    "A default of *required* has to be written, *-* stands for none. Where a choice is named, one "
    "of its "
    "keys is written at most, or exactly one.\n";

constexpr std::string_view kLayers =
    "## Layers\n\n"
    "| in a layer | does |\n|---|---|\n"
    "| `include: PATH` | puts files below this one; a list of paths or globs too |\n"
    "| a key, an item by its name | changes what the layers below say of it |\n"
    "| `KEY: { $patch: delete }`, `{ name: X, $patch: delete }` | takes it away |\n"
    "| `{ $append: [...] }`, `$prepend`, `$remove`, `$replace` in place of a list | changes the "
    "list |\n"
    "| `$before: X`, `$after: X` in an item | where in the list it stands |\n"
    "| `$optional: true` beside these | forgives that there is nothing to find |\n"
    "| `$$NAME` as a key of `match.query`, `cookies` or `headers` | the name `$NAME`, which would "
    "be a directive |\n"
    "| `--set PATH=VALUE` | one value above all files |\n";

constexpr std::string_view kValues =
    "## Values\n\n"
    "`${NAME}` is a variable of the environment, `${NAME:-default}` one that may be missing, "
    "`${NAME:?message}` one that may not, `${file:PATH}` the content of a file. Directly before a "
    "`{`, `$$` is a `$`: `$${` is a literal `${`, and `$$${NAME}` a `$` and the variable. "
    "A `%` in what they bring is a percent sign, and begins no variable of an exchange.\n\n";

// Where a type of filter stands: in a word, and in a sentence.
struct PlaceText {
  std::string_view word;
  std::string_view sentence;
};

PlaceText place_text(const filter::FilterType& type) {
  switch (place_of(type)) {
    case FilterPlace::Accept:
      return {"accept", "Stands in `accept`, or first in `filters`."};
    case FilterPlace::Network:
      return {"network", "Stands in `filters` of a chain, before the last."};
    case FilterPlace::NetworkTerminal:
      return {"network", "Stands last in `filters` of a chain."};
    case FilterPlace::Codec:
      return {"network", "Stands in `filters` of a chain, before filters of HTTP."};
    case FilterPlace::Http:
      return {"HTTP", "Stands in `filters` of a chain behind `http`, and in `filters` of a route."};
    case FilterPlace::HttpTerminal:
      return {"HTTP", "Stands last in `filters` of a chain that has `http`."};
  }
  return {};
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  return "`" + cell(text) + "`";
}

class Page {
 public:
  void add(std::string_view text) { out_ += text; }

  // The keys of a struct; what its values are made of comes with finish().
  void table(const StructInfo& structure) {
    if (structure.fields.empty()) {
      out_ += "No settings.\n";
      return;
    }
    out_ += "| key | type | default | what |\n|---|---|---|---|\n";
    for (const FieldInfo& field : structure.fields) row(structure, field);
  }

  // A section for each struct that was met.
  void finish() {
    for (std::size_t i = 0; i < met_.size(); ++i) {
      const StructInfo& structure = *met_[i];
      out_ += "\n### " + std::string(structure.name) + "\n\n";
      short_form(structure);
      table(structure);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void row(const StructInfo& structure, const FieldInfo& field) {
    const Description description = describe(structure, field);
    const Rules& rules = field.rules;
    std::string what(field.doc);
    if (!description.names.empty()) {
      what += ":";
      for (const std::string& name : description.names) {
        what += (name == description.names.front() ? " `" : ", `") + name + "`";
      }
    }
    if (!description.range.empty()) what += "; " + description.range;
    if (rules.or_off) what += "; `off` for none";
    if (rules.one_or_many) what += "; one or a list";
    if (rules.not_empty) what += "; not empty";
    if (!rules.choice.empty()) what += "; *" + std::string(rules.choice) + "*";
    if (rules.secret) what += "; secret";
    const std::string normal = rules.required               ? "*required*"
                               : description.normal.empty() ? "-"
                                                            : code(description.normal);
    out_ += "| " + code(field.name) + " | " + type_cell(description) + " | " + normal + " | " +
            cell(what) + " |\n";
  }

  std::string type_cell(const Description& description) {
    const StructInfo* structure = description.structure;
    if (structure == nullptr || structure->name.empty()) return cell(description.type);
    if (std::find(met_.begin(), met_.end(), structure) == met_.end()) met_.push_back(structure);
    const std::string name(structure->name);
    std::string anchor = name;
    std::replace(anchor.begin(), anchor.end(), ' ', '-');
    std::string text = description.type;
    text.replace(text.size() - name.size(), name.size(), "[" + name + "](#" + anchor + ")");
    return text;
  }

  void short_form(const StructInfo& structure) {
    if (!structure.shorts.off.empty()) out_ += "`off` stands for `{ enabled: false }`. ";
    if (structure.shorts.choice) out_ += "A name alone stands for `{ NAME: {} }`. ";
    if (!structure.shorts.scalar.empty()) {
      out_ += "A text alone is its " + code(structure.shorts.scalar) + ". ";
    }
    if (!out_.ends_with("\n")) out_.replace(out_.size() - 1, 1, "\n\n");
  }

  std::string out_;
  std::vector<const StructInfo*> met_;
};

void add_filters(Page& page) {
  page.add(
      "\n## Filters\n\nAn item of a list of filters is a `TYPE`, or `{ TYPE: { settings } }` "
      "with, beside it, `name` (by which layers and routes know it, when it is not the type) "
      "and `enabled`. `TYPE: off` is `enabled: false`. `{ use: NAME }` stands for a list of "
      "`filter_sets`, of which an item behind it may set anew or switch off one by its name, as a "
      "higher layer would.\n");
  for (const filter::FilterType& type : filters::builtin_filters()) {
    const PlaceText place = place_text(type);
    std::string doc(type.doc);
    doc.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(doc.front())));
    page.add("\n### " + code(type.name) + " (" + std::string(place.word) + ")\n\n" + doc + ". " +
             std::string(place.sentence) + "\n\n");
    page.table(*type.settings().structure());
  }
}

void add_notations(Page& page) {
  page.add(kValues);
  page.add("| type | notation |\n|---|---|\n");
  const auto add = [&page](const TypeInfo& type) {
    page.add("| " + std::string(type.word) + " | " + cell(type.wanted) + " |\n");
  };
  add(type_info<std::chrono::milliseconds>());
  add(type_info<Size>());
  add(type_info<Rate>());
  add(type_info<Bandwidth>());
  add(type_info<Percent>());
  add(type_info<std::uint32_t>());
  add(type_info<bool>());
  add(type_info<net::Address>());
  add(type_info<net::Cidr>());
  add(type_info<Bytes>());
}

template <typename Names>
void add_names(Page& page, std::string_view heading, std::string_view intro, const Names& names) {
  page.add("\n## " + std::string(heading) + "\n\n" + std::string(intro) + "\n\n| | |\n|---|---|\n");
  for (const auto& known : names)
    page.add("| " + code(known.name) + " | " + cell(known.doc) + " |\n");
}

void add_reasons(Page& page) {
  page.add(
      "\n## Reason codes\n\nWhy an exchange ended: `ended.why` in the log, `reason` of metrics, "
      "and the header x-weir-reason "
      "of Weir's own answers to trusted clients.\n\n| code | what to do |\n|---|---|\n");
  for (const filter::ReasonText& reason : filter::reasons()) {
    page.add("| " + code(reason.code) + " | " + cell(reason.advice) + " |\n");
  }
}

}  // namespace

std::string reference() {
  Page page;
  page.add(kTop);
  page.add("\n## The file\n\n");
  page.table(*type_info<model::File>().structure());
  add_filters(page);
  page.add("\n## Parts\n");
  page.finish();
  page.add("\n");
  page.add(kLayers);
  page.add("\n");
  add_notations(page);
  add_names(page, "Variables", "In headers, redirects, responses and logs; `%%` is a percent sign.",
            route::Template::names());
  add_names(page, "Fields of a log line",
            "All variables, and these; a JSON line has those that are not of the request, and what "
            "`add` names.",
            server::LogFormat::names());
  add_reasons(page);
  return page.take();
}

std::string schema() {
  return json_schema(type_info<model::File>(), FilterTypes(filters::builtin_filters()).schema());
}

}  // namespace weir::config
