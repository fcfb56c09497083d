#include "sim/file/write.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace macula::sim {
namespace {

std::string_view origin_of(const DocumentValue& value) {
  return value.origin.empty() ? std::string_view("file") : std::string_view(value.origin);
}

// "file", or for a table "file; at, spread: default".
std::string describe_origin(const DocumentValue& value) {
  std::string text(origin_of(value));
  if (value.kind != DocumentValue::Kind::table) return text;
  std::map<std::string_view, std::string> keys_by_origin;
  for (const DocumentMember& member : value.members) {
    if (origin_of(member.value) == origin_of(value)) continue;
    std::string& keys = keys_by_origin[origin_of(member.value)];
    keys += (keys.empty() ? "" : ", ") + member.key;
  }
  for (const auto& [origin, keys] : keys_by_origin) text += fmt::format("; {}: {}", keys, origin);
  return text;
}

// Whether the tables under a key of a section are written as sections of their own.
bool is_section(const KeyInfo& info) {
  return info.repeated && !info.table.empty();
}

class Writer {
 public:
  Writer(const Schema& schema, const DocumentStyle& style) : schema_(schema), style_(style) {}

  std::string write(const DocumentValue& root) {
    for (const std::string_view name : {"scenario", "protocol", "latency"}) {
      if (const DocumentValue* section = find(root, name)) write_table(name, name, *section);
    }
    write_named(root, "link");
    write_populations(root);
    write_named(root, "churn");
    for (const std::string_view name : {"at", "expect"}) {
      const DocumentValue* list = find(root, name);
      if (list == nullptr) continue;
      for (const DocumentValue& item : list->items)
        write_table(fmt::format("[{}]", name), name, item);
    }
    if (const DocumentValue* sweep = find(root, "sweep")) write_sweep(*sweep);
    return std::move(out_);
  }

 private:
  // A table with a form of its own has its keys in the order of the documentation.
  [[nodiscard]] std::string entry_of(const KeyInfo& info, const DocumentValue& value) const {
    if (info.inner.empty() || value.kind != DocumentValue::Kind::table) return render(value);
    std::string entry;
    for (const KeyInfo* inner : schema_.keys_of(info.inner)) {
      const DocumentValue* member = find(value, inner->key);
      if (member == nullptr) continue;
      entry += fmt::format("{}{} = {}", entry.empty() ? "" : ", ", inner->key, render(*member));
    }
    return "{ " + entry + " }";
  }

  void write_table(std::string_view header, std::string_view form, const DocumentValue& table) {
    out_ += fmt::format("{}[{}]\n", out_.empty() ? "" : "\n", header);
    for (const KeyInfo* info : schema_.keys_of(form)) {
      const DocumentValue* value = find(table, info->key);
      if (value == nullptr || is_section(*info)) continue;
      const bool aside = !style_.aside.empty() && origin_of(*value) == style_.aside;
      const std::string entry = fmt::format("{}{} = {}", aside && form == "protocol" ? "# " : "",
                                            info->key, entry_of(*info, *value));
      out_ += style_.origins ? fmt::format("{:<40}  # {}\n", entry, describe_origin(*value))
                             : entry + "\n";
    }
  }

  // [[sweep.point]]: they stand after the keys of [sweep].
  void write_sweep(const DocumentValue& sweep) {
    write_table("sweep", "sweep", sweep);
    const DocumentValue* points = find(sweep, "point");
    if (points == nullptr) return;
    for (const DocumentValue& point : points->items)
      write_table("[sweep.point]", "sweep.point", point);
  }

  // [link.home]: tables whose names are free.
  void write_named(const DocumentValue& root, std::string_view section) {
    const DocumentValue* tables = find(root, section);
    if (tables == nullptr) return;
    for (const DocumentMember& member : tables->members) {
      write_table(fmt::format("{}.{}", section, render_key(member.key)),
                  fmt::format("{}.NAME", section), member.value);
    }
  }

  // Nodes and groups stand in the order of the file, which gives them their addresses.
  void write_populations(const DocumentValue& root) {
    std::vector<std::pair<const DocumentValue*, std::string_view>> all;
    for (const std::string_view form : {"node", "group"}) {
      const DocumentValue* list = find(root, form);
      if (list == nullptr) continue;
      for (const DocumentValue& item : list->items) all.emplace_back(&item, form);
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return a.first->place.line < b.first->place.line;
    });
    for (const auto& [table, form] : all) write_table(fmt::format("[{}]", form), form, *table);
  }

  const Schema& schema_;
  const DocumentStyle& style_;
  std::string out_;
};

}  // namespace

std::string write_document(const Schema& schema, const DocumentValue& root,
                           const DocumentStyle& style) {
  return Writer(schema, style).write(root);
}

}  // namespace macula::sim
