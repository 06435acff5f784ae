#include "config/json_schema.h"

#include <algorithm>
#include <limits>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

#include "config/schema.h"

namespace weir::config {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kReference = R"(\$\{)";  // `${…}` may come to anything

Json link_to(const std::string& name) {
  return {{"$ref", "#/definitions/" + name}};
}

// Any of several, of which those that are such a choice themselves are taken apart.
Json any_of(std::vector<Json> choices) {
  Json all = Json::array();
  for (Json& choice : choices) {
    if (choice.size() == 1 && choice.contains("anyOf")) {
      for (Json& inner : choice["anyOf"]) all.push_back(std::move(inner));
    } else {
      all.push_back(std::move(choice));
    }
  }
  return {{"anyOf", std::move(all)}};
}

Json object(Json properties) {
  return {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

Json words(std::vector<std::string_view> words) {
  return {{"enum", std::move(words)}};
}

Json off() {
  return {{"enum", {"off", "false", false}}};
}

Json on_or_off() {
  return {{"enum", {"off", "on", "false", "true", false, true}}};
}

Json text() {
  return {{"type", {"string", "number", "boolean"}}};
}

class Generator {
 public:
  explicit Generator(const FilterSchema& filters) : filters_(filters) {}

  Json file(const TypeInfo& root) {
    Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                   {"title", "Weir configuration"},
                   {"type", "object"}};
    Json properties = fields(*root.structure(), false);
    properties["include"] = {
        {"description", "files below this one: paths or globs, from where this file is"},
        {"anyOf", {Json{{"type", "string"}}, list_of({{"type", "string"}})}}};
    schema["properties"] = std::move(properties);
    schema["additionalProperties"] = false;
    define("delete",
           object({{"$patch", {{"const", "delete"}}}, {"$optional", {{"type", "boolean"}}}}));
    definitions_["delete"]["required"] = {"$patch"};
    schema["definitions"] = std::move(definitions_);
    return schema;
  }

 private:
  void define(const std::string& name, Json schema) { definitions_[name] = std::move(schema); }

  static Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

  // A default, which the reference page shows as `normal`.
  static Json as_json(const TypeInfo& type, const std::string& normal) {
    if (type.shape == Shape::Wrapper) return as_json(type.element(), normal);
    if (type.shape == Shape::List && normal == "[]") return Json::array();
    const bool plain = type.literal != Literal::Text && Json::accept(normal);
    return plain ? Json::parse(normal) : Json(normal);
  }

  static Json scalar(const TypeInfo& type, const Rules& rules) {
    if (type.pattern.empty()) return text();
    const bool whole = type.literal == Literal::Integer;
    const bool number = whole || type.literal == Literal::Number;
    const std::int64_t least = std::max(type.least, whole ? rules.least : type.least);
    const std::int64_t most = std::min(type.most, whole ? rules.most : type.most);
    Json schema;
    schema["type"] = "string";
    if (whole) schema["type"] = {"integer", "string"};
    if (type.literal == Literal::Number) schema["type"] = {"number", "string"};
    if (type.literal == Literal::Boolean) schema["type"] = {"boolean", "string"};
    if (number && least != Rules().least) schema["minimum"] = least;
    if (number && most != Rules().most) schema["maximum"] = most;
    std::string_view pattern = type.pattern;
    if (number && least >= 0 && pattern.starts_with("-?")) pattern.remove_prefix(2);
    // Of what has a unit, no range is told but that it is not nothing.
    const bool something = !number && rules.least > 0 && pattern.starts_with("[0-9]");
    schema["pattern"] =
        (something ? "^(?!0+([.]0+)?[a-zA-Z])(" : "^(") + std::string(pattern) + ")$|" + kReference;
    return schema;
  }

  static Json enumeration(const TypeInfo& type) {
    Json names = words({type.names.begin(), type.names.end()});
    if (normal_word(type, "false") == "off")
      names["enum"].insert(names["enum"].end(), {"false", false});
    return any_of({std::move(names), {{"type", "string"}, {"pattern", kReference}}});
  }

  // Of a value that may stand in any layer.
  Json value(ValueSchema schema) { return any_of({alone(schema), link_to("delete")}); }

  Json alone(ValueSchema schema) {
    switch (schema.type.shape) {
      case Shape::Scalar:
        return scalar(schema.type, schema.rules);
      case Shape::Enum:
        return enumeration(schema.type);
      case Shape::Wrapper: {
        Json inner = alone({schema.type.element(), schema.rules});
        return schema.rules.or_off ? any_of({off(), std::move(inner)}) : inner;
      }
      case Shape::List:
        return list(schema);
      case Shape::Map: {
        Json map = {{"type", "object"}};
        map["propertyNames"] = {{"minLength", 1}};
        map["additionalProperties"] = value({schema.type.element(), schema.rules});
        return map;
      }
      case Shape::Struct:
        return structure(*schema.type.structure(), nullptr);
      case Shape::Filter:
        return filter();
      case Shape::Custom:
        return schema.type.one_text ? scalar(schema.type, Rules()) : Json::object();
      case Shape::Tree:
        return Json::object();
    }
    return Json::object();
  }

  Json list(ValueSchema schema) {
    const ValueSchema item = schema.item();
    const bool struct_item = item.type.shape == Shape::Struct;
    const Rules* const keys = schema.keyed() ? &schema.rules : nullptr;
    const Json items =
        struct_item ? structure(*item.type.structure(), keys) : alone({item.type, schema.rules});
    const Json all = list_of(items);
    Json changes = object({{"$append", all},
                           {"$prepend", all},
                           {"$remove", {{"type", "array"}}},
                           {"$replace", all},
                           {"$optional", {{"type", "boolean"}}}});
    changes["minProperties"] = 1;
    Json written = all;
    if (schema.rules.not_empty) written["minItems"] = 1;
    std::vector<Json> choices = {std::move(written), std::move(changes)};
    if (schema.rules.one_or_many) choices.insert(choices.begin(), items);
    return any_of(std::move(choices));
  }

  // `keys` is null but for items of a keyed list.
  Json structure(const StructInfo& info, const Rules* keys) {
    const auto known = names_.find(&info);
    if (known != names_.end()) return link_to(known->second);
    std::string name(info.name.empty() ? "settings" : info.name);
    std::replace(name.begin(), name.end(), ' ', '-');
    const std::string wanted = name;
    for (int i = 2; definitions_.contains(name); ++i) name = wanted + "-" + std::to_string(i);
    names_[&info] = name;
    definitions_[name] = nullptr;  // taken, for those inside of it
    Json long_form = object(fields(info, keys != nullptr));
    exclude(info, long_form);
    if (keys != nullptr && info.name_of == nullptr) {
      Json names = words({"$patch", "$optional", keys->key});
      if (!keys->other_key.empty()) names["enum"].push_back(keys->other_key);
      long_form["dependencies"] = {{"$patch", {{"propertyNames", std::move(names)}}}};
    }
    std::vector<Json> forms = short_forms(info);
    forms.push_back(std::move(long_form));
    define(name, forms.size() == 1 ? std::move(forms.front()) : any_of(std::move(forms)));
    return link_to(name);
  }

  std::vector<Json> short_forms(const StructInfo& info) {
    std::vector<Json> forms;
    if (!info.shorts.off.empty()) forms.push_back(on_or_off());
    if (info.shorts.choice) {
      std::vector<std::string_view> names;
      for (const FieldInfo& field : info.fields) {
        if (!field.rules.choice.empty()) names.push_back(field.name);
      }
      forms.push_back(words(std::move(names)));
    }
    if (const FieldInfo* field = info.field(info.shorts.scalar)) {
      forms.push_back(alone({field->type(), field->rules}));
    }
    if (info.expand != nullptr) forms.push_back(text());
    return forms;
  }

  // Two that are both written, and not to be deleted.
  static Json both(std::string_view one, std::string_view other) {
    const Json left = {{"not", link_to("delete")}};
    return {{"required", {one, other}},
            {"properties", {{std::string(one), left}, {std::string(other), left}}}};
  }

  // Fields of one choice exclude each other, and what goes with another of them.
  static void exclude(const StructInfo& info, Json& long_form) {
    Json pairs = Json::array();
    for (std::size_t i = 0; i < info.fields.size(); ++i) {
      for (std::size_t j = i + 1; j < info.fields.size(); ++j) {
        const auto choice = info.fields[i].rules.choice;
        if (choice.empty() || choice != info.fields[j].rules.choice) continue;
        pairs.push_back(both(info.fields[i].name, info.fields[j].name));
      }
      const FieldInfo* with = info.field(info.fields[i].rules.goes_with);
      for (const FieldInfo& other : info.fields) {
        if (with == nullptr || &other == with || other.rules.choice != with->rules.choice) continue;
        pairs.push_back(both(info.fields[i].name, other.name));
      }
    }
    if (!pairs.empty()) long_form["not"] = {{"anyOf", std::move(pairs)}};
  }

  Json fields(const StructInfo& info, bool item) {
    Json properties = Json::object();
    for (const FieldInfo& field : info.fields) {
      std::string doc(field.doc);
      const std::string normal = show_default(info, field);
      if (field.rules.required) doc += ". Required.";
      if (!normal.empty()) doc += ". Default: " + normal;
      Json property = {{"description", std::move(doc)}};
      const bool items = normal.starts_with('[') && normal != "[]";
      if (!normal.empty() && !items) property["default"] = as_json(field.type(), normal);
      property.update(value({field.type(), field.rules}));
      properties[std::string(field.name)] = std::move(property);
    }
    add_directives(properties, item);
    return properties;
  }

  static void add_directives(Json& properties, bool item) {
    if (!item) return;
    properties["$patch"] = {{"const", "delete"}};
    properties["$before"] = properties["$after"] = {{"type", "string"}};
    properties["$optional"] = {{"type", "boolean"}};
  }

  Json filter() {
    if (definitions_.contains("filter")) return link_to("filter");
    definitions_["filter"] = nullptr;
    std::vector<std::string_view> names;
    Json own = {{"name", text()}, {"enabled", scalar(type_info<bool>(), Rules())}};
    add_directives(own, true);
    Json use = {{"use", {{"type", "string"}}}};
    add_directives(use, true);
    std::vector<Json> forms = {object(std::move(use)), object(own)};
    // One form for each type, so that no item has two.
    for (const auto& [name, type] : filters_.types) {
      names.push_back(name);
      Json properties = own;
      properties[name] =
          any_of({on_or_off(), structure(*type.settings->structure(), nullptr), link_to("delete")});
      forms.push_back(object(std::move(properties)));
    }
    forms.insert(forms.begin(), words(std::move(names)));
    define("filter", any_of(std::move(forms)));
    return link_to("filter");
  }

  const FilterSchema& filters_;
  Json definitions_ = Json::object();
  std::map<const StructInfo*, std::string> names_;
};

}  // namespace

std::string json_schema(const TypeInfo& root, const FilterSchema& filters) {
  return Generator(filters).file(root).dump(2) + "\n";
}

}  // namespace weir::config
