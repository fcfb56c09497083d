#include "sim/file/parse_keys.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text/suggest.h"
#include "sim/file/keys.h"
#include "sim/file/parse_fields.h"

namespace macula::sim {
namespace {

bool is_table_or_list_of_tables(const DocumentValue& value, bool repeated) {
  if (!repeated) return value.kind == DocumentValue::Kind::table;
  if (value.kind != DocumentValue::Kind::list) return false;
  for (const DocumentValue& item : value.items) {
    if (item.kind != DocumentValue::Kind::table) return false;
  }
  return true;
}

void unknown_key(const DocumentMember& member, std::string_view table, const Schema& schema,
                 Problems& problems) {
  std::string message;
  if (is_planned(table, member.key)) {
    message = fmt::format("`{}` is not built yet", member.key);
  } else if (problems.full()) {
    message = "unknown key";
  } else {
    std::vector<std::string> known;
    for (const KeyInfo* info : schema.keys_of(table)) known.emplace_back(info->key);
    message = fmt::format("unknown key `{}`{}", member.key,
                          suggestion(member.key, table_title(table, schema) + " knows", known));
  }
  problems.at(member, std::move(message));
}

void check_table(const DocumentValue& table, std::string_view form, const Schema& schema,
                 Problems& problems);

void check_inner(const DocumentMember& member, const KeyInfo& info, const Schema& schema,
                 Problems& problems) {
  if (is_table_or_list_of_tables(member.value, info.repeated)) {
    if (!info.repeated) check_table(member.value, info.inner, schema, problems);
    for (const DocumentValue& item : member.value.items)
      check_table(item, info.inner, schema, problems);
  } else if (info.repeated) {
    problems.at(member.value,
                fmt::format("`{}` takes tables: write [[{}]]", member.key, info.inner));
  } else if (info.type == "table") {
    problems.at(member.value, wrong_kind(member.key, member.value,
                                         fmt::format("a table, as in `{}`", info.example)));
  }
}

void check_table(const DocumentValue& table, std::string_view form, const Schema& schema,
                 Problems& problems) {
  for (const DocumentMember& member : table.members) {
    const KeyInfo* info = schema.find(form, member.key);
    if (info == nullptr) {
      unknown_key(member, form, schema, problems);
    } else if (!info->inner.empty()) {
      check_inner(member, *info, schema, problems);
    }
  }
  for (const KeyInfo* info : schema.keys_of(form)) {
    if (!info->required || find(table, info->key) != nullptr) continue;
    const std::string entry = info->example.front() == '['
                                  ? std::string(info->example)
                                  : fmt::format("{} = {}", info->key, info->example);
    problems.at(table, fmt::format("`{}` is missing from {}: write `{}`", info->key,
                                   table_title(form, schema), entry));
  }
}

void fill_table(DocumentValue& table, std::string_view form, const Schema& schema) {
  for (const KeyInfo* info : schema.keys_of(form)) {
    if (!info->fallback.empty() && find(table, info->key) == nullptr) {
      set_member(table, std::string(info->key), fallback_value(info->fallback));
    }
  }
  for (DocumentMember& member : table.members) {
    const KeyInfo* info = schema.find(form, member.key);
    if (info == nullptr || info->inner.empty()) continue;
    if (member.value.kind == DocumentValue::Kind::table)
      fill_table(member.value, info->inner, schema);
    for (DocumentValue& item : member.value.items) {
      if (item.kind == DocumentValue::Kind::table) fill_table(item, info->inner, schema);
    }
  }
}

}  // namespace

std::string table_title(std::string_view table, const Schema& schema) {
  if (table.empty()) return "a scenario file";
  if (table == "link.NAME") return "[link.NAME]";
  if (table == "join" || table == "fates_after") return "`" + std::string(table) + "`";
  if (table.rfind("at.", 0) == 0) return fmt::format("`{}`", table.substr(3));
  for (const KeyInfo& info : schema.keys()) {
    if (info.inner == table && info.repeated) return fmt::format("[[{}]]", table);
  }
  return fmt::format("[{}]", table);
}

void check_keys(const DocumentValue& root, const Schema& schema, Problems& problems) {
  check_table(root, "", schema, problems);
}

void fill_defaults(const Schema& schema, DocumentValue& root) {
  for (const std::string_view name : {"protocol", "latency"}) {
    if (find(root, name) != nullptr) continue;
    DocumentValue table;
    table.origin = "default";
    set_member(root, std::string(name), std::move(table));
  }
  fill_table(root, "", schema);
}

}  // namespace macula::sim
