#include "sim/scenario/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/text/document.h"
#include "base/text/units.h"
#include "sim/scenario/files.h"
#include "sim/scenario/keys.h"
#include "sim/scenario/parse_problems.h"
#include "sim/scenario/parse_protocol.h"
#include "sim/scenario/parse_resolve.h"

namespace macula::sim {
namespace {

constexpr std::string_view kDefault = "default";

Value text_value(std::string text) {
  Value value;
  value.kind = Value::Kind::text;
  value.text = std::move(text);
  value.origin = kDefault;
  return value;
}

void set_if_missing(Value& table, std::string_view key, Value value) {
  if (find(table, key) == nullptr) set_member(table, std::string(key), std::move(value));
}

// ----- defaults that depend on other values -----

void fill_protocol(const Scenario& scenario, Value& root) {
  Value& table = *find(root, "protocol");
  const bool own_k = find(table, "k") != nullptr;
  Value all = protocol_value(scenario.protocol, "profile " + scenario.profile);
  if (own_k) find(all, "bucket_size")->origin = "default, as k";
  for (Member& member : all.members) set_if_missing(table, member.key, std::move(member.value));
}

void fill_step(const Scenario& scenario, Value& step) {
  if (find(step, "every") != nullptr) {
    set_if_missing(step, "until", text_value(format_duration(scenario.duration)));
  }
  for (const std::string_view verb : {"call", "cast"}) {
    Value* table = find(step, verb);
    if (table == nullptr) continue;
    Value empty;
    empty.origin = kDefault;
    set_if_missing(*table, "args", std::move(empty));
  }
  if (Value* call = find(step, "call")) {
    set_if_missing(*call, "timeout", text_value(format_duration(scenario.protocol.call_timeout)));
  }
  if (Value* ping = find(step, "ping")) {
    set_if_missing(*ping, "timeout", text_value(format_duration(scenario.protocol.query_timeout)));
  }
}

void fill_expectation(Value& expectation) {
  const bool polled =
      find(expectation, "within") != nullptr || find(expectation, "always") != nullptr;
  if (polled) set_if_missing(expectation, "every", text_value("1s"));
  for (const std::string_view when : {"at", "during", "within", "always"}) {
    if (find(expectation, when) != nullptr) return;
  }
  Value truth;
  truth.kind = Value::Kind::boolean;
  truth.boolean = true;
  truth.origin = kDefault;
  set_if_missing(expectation, "finally", std::move(truth));
}

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

void fill_derived(const Scenario& scenario, Value& root) {
  fill_protocol(scenario, root);
  if (Value* churn = find(root, "churn")) {
    for (Member& member : churn->members) {
      set_if_missing(member.value, "until", text_value(format_duration(scenario.duration)));
    }
  }
  if (Value* steps = find(root, "at")) {
    for (Value& step : steps->items) fill_step(scenario, step);
  }
  if (Value* expectations = find(root, "expect")) {
    for (Value& expectation : expectations->items) fill_expectation(expectation);
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

void write_table(std::string_view header, std::string_view form, const Value& table,
                 std::string& out) {
  out += fmt::format("{}{}\n", out.empty() ? "" : "\n", header);
  for (const KeyInfo* info : keys_of(form)) {
    const Value* value = find(table, info->key);
    if (value != nullptr) write_entry(*info, *value, out);
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

std::string write(const Value& root) {
  std::string out;
  for (const std::string_view name : {"scenario", "protocol", "latency"}) {
    write_table(fmt::format("[{}]", name), name, *find(root, name), out);
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
  return write(document->root);
}

tl::expected<std::string, Diagnostics> explain_scenario(const std::string& path,
                                                        const Overrides& overrides) {
  const auto text = read_file(path, kDocumentBytesMax);
  if (!text) return tl::unexpected(Diagnostics{{path, {}, text.error(), {}}});
  return explain_scenario_text(*text, path, overrides);
}

}  // namespace macula::sim
