#include "sim/file/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/text/document.h"
#include "sim/file/derived.h"
#include "sim/file/files.h"
#include "sim/file/keys.h"
#include "sim/file/parse_problems.h"
#include "sim/file/parse_resolve.h"

namespace macula::sim {
namespace {

// A file that is looked for beside the scenario is named in full, so that the text means the same
// from any folder.
void name_in_full(const std::string& path, Value& table, std::string_view key) {
  Value* file = find(table, key);
  if (file == nullptr) return;
  std::error_code error;
  const auto full = std::filesystem::absolute(find_beside(path, file->text), error);
  if (!error) file->text = full.lexically_normal().string();
}

void name_files_in_full(const std::string& path, Value& root) {
  name_in_full(path, *find(root, "latency"), "matrix");
  if (Value* churn = find(root, "churn")) {
    for (Member& member : churn->members) name_in_full(path, member.value, "trace");
  }
}

// ----- text -----

std::string_view origin_of(const Value& value) {
  return value.origin.empty() ? std::string_view("file") : std::string_view(value.origin);
}

// "file", or for a table "file; at, spread: default".
std::string describe_origin(const Value& value) {
  std::string text(origin_of(value));
  if (value.kind != Value::Kind::table) return text;
  std::map<std::string_view, std::string> keys_by_origin;
  for (const Member& member : value.members) {
    if (origin_of(member.value) == origin_of(value)) continue;
    std::string& keys = keys_by_origin[origin_of(member.value)];
    keys += (keys.empty() ? "" : ", ") + member.key;
  }
  for (const auto& [origin, keys] : keys_by_origin) text += fmt::format("; {}: {}", keys, origin);
  return text;
}

// A table with a form of its own has its keys in the order of the documentation.
std::string render_entry(const KeyInfo& info, const Value& value) {
  if (info.inner.empty() || value.kind != Value::Kind::table) return render(value);
  std::string out;
  for (const KeyInfo* inner : keys_of(info.inner)) {
    const Value* member = find(value, inner->key);
    if (member == nullptr) continue;
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", inner->key, render(*member));
  }
  return "{ " + out + " }";
}

void write_entry(const KeyInfo& info, const Value& value, std::string& out) {
  const std::string entry = fmt::format("{} = {}", info.key, render_entry(info, value));
  out += fmt::format("{:<40}  # {}\n", entry, describe_origin(value));
}

// `aside`: of what this origin gave, lines that are no entries.
void write_table(std::string_view header, std::string_view form, const Value& table,
                 std::string& out, std::string_view aside = {}) {
  out += fmt::format("{}{}\n", out.empty() ? "" : "\n", header);
  for (const KeyInfo* info : keys_of(form)) {
    const Value* value = find(table, info->key);
    if (value == nullptr) continue;
    if (!aside.empty() && origin_of(*value) == aside) out += "# ";
    write_entry(*info, *value, out);
  }
}

// Nodes and groups stand in the order of the file, which gives them their addresses.
void write_populations(const Value& root, std::string& out) {
  std::vector<std::pair<const Value*, std::string_view>> all;
  for (const std::string_view form : {"node", "group"}) {
    const Value* list = find(root, form);
    if (list == nullptr) continue;
    for (const Value& item : list->items) all.emplace_back(&item, form);
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.first->place.line < b.first->place.line;
  });
  for (const auto& [table, form] : all) write_table(fmt::format("[[{}]]", form), form, *table, out);
}

std::string write(const Scenario& scenario, const Value& root) {
  std::string out;
  // What stands in [protocol] holds for every profile: with several, their own values do not.
  const std::string aside =
      scenario.other_profiles.empty() ? std::string() : origin_of_profile(scenario);
  for (const std::string_view name : {"scenario", "protocol", "latency"}) {
    write_table(fmt::format("[{}]", name), name, *find(root, name), out,
                name == "protocol" ? aside : std::string());
  }
  if (const Value* links = find(root, "link")) {
    for (const Member& link : links->members) {
      write_table(fmt::format("[link.{}]", render_key(link.key)), "link.NAME", link.value, out);
    }
  }
  write_populations(root, out);
  if (const Value* churn = find(root, "churn")) {
    for (const Member& member : churn->members) {
      write_table(fmt::format("[churn.{}]", render_key(member.key)), "churn.NAME", member.value,
                  out);
    }
  }
  for (const std::string_view name : {"at", "expect"}) {
    const Value* list = find(root, name);
    if (list == nullptr) continue;
    for (const Value& item : list->items) write_table(fmt::format("[[{}]]", name), name, item, out);
  }
  return out;
}

}  // namespace

tl::expected<std::string, Diagnostics> explain_scenario_text(const std::string& text,
                                                             const std::string& path,
                                                             const Overrides& overrides) {
  auto document = parse_document(text, path);
  if (!document) return tl::unexpected(std::move(document.error()));
  Problems problems(path, document->lines);
  resolve(overrides, document->root, problems);
  const Scenario scenario = build_scenario(*document, path, problems);
  if (!problems.empty()) return tl::unexpected(problems.take());
  fill_derived(scenario, document->root);
  name_files_in_full(path, document->root);
  return write(scenario, document->root);
}

tl::expected<std::string, Diagnostics> explain_scenario(const std::string& path,
                                                        const Overrides& overrides) {
  const auto text = read_file(path, kDocumentBytesMax);
  if (!text) return tl::unexpected(Diagnostics{{path, {}, text.error(), {}}});
  return explain_scenario_text(*text, path, overrides);
}

}  // namespace macula::sim
