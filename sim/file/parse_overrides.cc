#include "sim/file/parse_overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/suggest.h"
#include "base/text/units.h"

namespace macula::sim {
namespace {

constexpr std::size_t kPathPartsMax = 32;

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    parts.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// Sets the origin of a value and of all values in it.
void set_origin(DocumentValue& value, const std::string& origin) {
  value.origin = origin;
  value.place = {};
  for (DocumentValue& item : value.items) set_origin(item, origin);
  for (DocumentMember& member : value.members) {
    member.place = {};
    set_origin(member.value, origin);
  }
}

DocumentValue read_value(const std::string& text, const std::string& origin) {
  auto parsed = parse_value(text);
  DocumentValue value = parsed ? std::move(*parsed) : text_value(text);
  set_origin(value, origin);
  return value;
}

// A step's label may stand beside `t` or in the verb's table.
std::vector<const DocumentValue*> labels_of(const DocumentValue& step) {
  std::vector<const DocumentValue*> labels;
  const auto add = [&](const DocumentValue& table) {
    if (const DocumentValue* label = find_text(table, "label")) labels.push_back(label);
  };
  add(step);
  for (const DocumentMember& member : step.members) add(member.value);
  return labels;
}

std::vector<DocumentValue*> find_labelled(DocumentValue& list, std::string_view label) {
  std::vector<DocumentValue*> found;
  for (DocumentValue& item : list.items) {
    const auto labels = labels_of(item);
    if (std::any_of(labels.begin(), labels.end(),
                    [&](const DocumentValue* known) { return known->text == label; })) {
      found.push_back(&item);
    }
  }
  return found;
}

// By its `name` or `id`, of which there are no two.
DocumentValue* find_named(DocumentValue& list, std::string_view name) {
  for (DocumentValue& item : list.items) {
    for (const char* key : {"name", "id"}) {
      const DocumentValue* known = find_text(item, key);
      if (known != nullptr && known->text == name) return &item;
    }
  }
  return nullptr;
}

// The entry of a list of tables that the path names from `at` on, and how many parts it took: names
// may hold dots themselves. An id comes before labels.
struct ListEntry {
  DocumentValue* value = nullptr;
  std::size_t next = 0;
  std::string wrong{};
};

ListEntry find_entry(DocumentValue& list, const std::vector<std::string>& path, std::size_t at) {
  std::string name;
  for (std::size_t end = at; end < path.size(); ++end) {
    name += (end == at ? "" : ".") + path[end];
    if (DocumentValue* named = find_named(list, name)) return {named, end + 1};
    const std::vector<DocumentValue*> labelled = find_labelled(list, name);
    if (labelled.size() == 1) return {labelled.front(), end + 1};
    if (labelled.size() > 1) {
      std::string indexes;
      for (const DocumentValue* item : labelled) {
        indexes += fmt::format("{}{}", indexes.empty() ? "" : ", ", item - list.items.data());
      }
      return {nullptr, at,
              fmt::format("{} entries have the label `{}`: name one by its index: {}",
                          labelled.size(), name, indexes)};
    }
  }
  const auto index = parse_count(path[at], list.items.size());
  if (index && *index < list.items.size()) return {&list.items[*index], at + 1};
  return {nullptr, at};
}

std::string no_entry(const DocumentValue& list, std::string_view list_name,
                     const std::string& name) {
  std::vector<std::string> names;
  for (const DocumentValue& item : list.items) {
    for (const char* key : {"name", "id"}) {
      if (const DocumentValue* known = find_text(item, key)) names.push_back(known->text);
    }
    for (const DocumentValue* label : labels_of(item)) names.push_back(label->text);
  }
  return fmt::format("there is no [[{}]] `{}` among {}{}", list_name, name, list.items.size(),
                     suggestion(name, "there are", names));
}

// Empty where it went well.
std::string apply(const std::vector<std::string>& path, const std::string& text,
                  const std::string& origin, DocumentValue& root) {
  if (path.size() > kPathPartsMax) return fmt::format("a key has at most {} parts", kPathPartsMax);
  DocumentValue* here = &root;
  std::size_t at = 0;
  while (true) {
    if (here->kind == DocumentValue::Kind::list) {
      ListEntry entry = find_entry(*here, path, at);
      if (!entry.wrong.empty()) return std::move(entry.wrong);
      if (entry.value == nullptr) {
        return no_entry(*here, at == 0 ? "entry" : path[at - 1], path[at]);
      }
      if (entry.next == path.size()) return "name a key of the entry, too";
      here = entry.value;
      at = entry.next;
      continue;
    }
    if (here->kind != DocumentValue::Kind::table) {
      return fmt::format("`{}` is {} and has no keys", path[at - 1], kind_name(here->kind));
    }
    const std::string& key = path[at];
    if (key.empty()) return "write it as `--set protocol.k=2`";
    if (at + 1 == path.size()) {
      set_member(*here, key, read_value(text, origin));
      return {};
    }
    DocumentValue* next = find(*here, key);
    if (next == nullptr) {
      DocumentValue table;
      table.origin = origin;
      next = &set_member(*here, key, std::move(table));
    }
    here = next;
    ++at;
  }
}

}  // namespace

void apply_overrides(const Overrides& overrides, DocumentValue& root, Problems& problems) {
  for (const auto& [key, text] : overrides) {
    const std::string origin = "--set " + key;
    const std::string wrong = apply(split_path(key), text, origin, root);
    if (!wrong.empty()) problems.at_override(origin, wrong);
  }
}

}  // namespace macula::sim
